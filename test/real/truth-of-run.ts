import type { Truth } from "../captures/truth.ts";
import type { AgentRun } from "./agent-run.ts";
import type { RealAgent } from "./agents.ts";

/** What happened, by the model's own account: what it answered, and what the agent told it back. */
export function truthOfRun(agent: RealAgent, { model }: AgentRun): Truth {
  const { exchanges, toldBack } = model;
  const sum = (name: "input" | "cached" | "output" | "reasoning"): number =>
    exchanges.reduce((total, { usage }) => total + usage[name], 0);
  const calls = exchanges.flatMap((exchange) => exchange.calls);
  return {
    sessions: 1,
    turns: 1,
    inferences: exchanges.length,
    tokens: {
      input: sum("input"),
      cached_input: sum("cached"),
      output: sum("output"),
      reasoning: agent.tells.reasoning ? sum("reasoning") : "not exported",
    },
    tool_calls: calls.map((call) => {
      const told = toldBack.get(call.id);
      if (told === undefined) throw new Error(`the model was told nothing of ${call.id}`);
      return { call: agent.callName(call), tool: call.tool, ...agent.outcome(told) };
    }),
    approvals: calls.map((call) => ({
      call: agent.callName(call),
      ...agent.approval(call),
    })),
    prompt: "reported",
  };
}
