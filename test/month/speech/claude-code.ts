import { createHash } from "node:crypto";
import { wireCall } from "../world/wire-call.ts";
import { wireArguments, wireTool } from "../world/wire-words.ts";
import type { Ask, Call, Session } from "../world/world.ts";
import { type Item, iso, logItem, type Source, type Values } from "./otlp.ts";

const verdicts: Readonly<Record<Ask, readonly [string, string]>> = {
  auto: ["accept", "config"],
  user: ["accept", "user_temporary"],
  "user-session": ["accept", "user_temporary"],
  reviewer: ["accept", "classifier"],
  hook: ["accept", "hook"],
  bypass: ["accept", "config"],
  "deny-user": ["reject", "user_reject"],
  "deny-policy": ["reject", "config"],
};

export const claudeSource: Source = {
  resource: { "service.name": "claude-code", "service.version": "2.1.330", "os.type": "linux" },
  scope: { name: "com.anthropic.claude_code.events", version: "2.1.330" },
};

/** A session in Claude Code's log events, numbered from 0. */
export function claudeItems(session: Session): readonly Item[] {
  const user = createHash("sha256").update(session.seat.person).digest("hex");
  const state = { sequence: 0, prompt: "", mode: session.approvalMode };
  const say: Say = (at, name, values) => {
    const saidAt = at + session.skewMs;
    const shared = {
      "user.id": user,
      "session.id": session.id,
      "anthropic.provider": "firstParty",
      "terminal.type": "xterm",
      "event.name": name,
      "event.timestamp": iso(saidAt),
      "event.sequence": state.sequence++,
      ...(state.prompt === "" ? {} : { "prompt.id": state.prompt }),
    };
    return logItem({ at, saidAt, values: { ...shared, ...values }, body: `claude_code.${name}` });
  };
  const items = [
    say(session.startAt, "managed_settings_resolved", { "managed_settings.trigger": "startup" }),
  ];
  for (const server of new Set(session.servers)) {
    const values = { status: "connected", transport_type: "stdio", server_name: server };
    items.push(say(session.startAt, "mcp_server_connection", values));
  }
  for (const step of session.steps) {
    if (step.is === "turn") {
      state.prompt = step.id;
      const values = { prompt: step.prompt, prompt_length: String(step.prompt.length) };
      items.push(say(step.at, "user_prompt", values));
    } else if (step.is === "mode") {
      const values = { from_mode: state.mode, to_mode: step.to, trigger: "shift_tab" };
      state.mode = step.to;
      items.push(say(step.at, "permission_mode_changed", values));
    } else if (step.is === "infer") {
      items.push(say(step.at, "api_request", requestOf(session, step)));
    } else items.push(...callItems(session, step.call, state.mode, say));
  }
  return items;
}

type Say = (at: number, name: string, values: Values) => Item;

function requestOf(
  session: Session,
  { input, output }: { readonly input: number; readonly output: number },
): Values {
  return {
    model: session.seat.model,
    input_tokens: String(input),
    output_tokens: String(output),
    cache_read_tokens: "0",
    cache_creation_tokens: "0",
    cost_usd: "0.004",
    duration_ms: "1400",
    query_source: "repl_main_thread",
  };
}

function callItems(session: Session, call: Call, mode: string, say: Say): readonly Item[] {
  const [decision, source] = verdicts[call.ask];
  const decided = say(call.decidedAt, "tool_decision", {
    decision,
    source,
    ...toolOf(session, call),
    tool_source: call.verb === "mcp" ? "mcp" : "builtin",
    permission_mode: mode,
  });
  return call.ask.startsWith("deny") ? [decided] : [decided, claudeResult(session, call, say)];
}

/** `tool_result`: of accepted calls alone. */
function claudeResult(session: Session, call: Call, say: Say): Item {
  const args = wireArguments(session.seat, call);
  return say(call.endAt, "tool_result", {
    ...toolOf(session, call),
    success: String(call.ran && call.exit === 0),
    duration_ms: String(call.endAt - call.startAt),
    ...(call.exit === 0 ? {} : { error_type: "ShellError" }),
    ...(session.seat.withholds ? {} : { tool_input: args }),
    tool_input_size_bytes: String(args.length),
    tool_result_size_bytes: String(call.output.length),
  });
}

function toolOf(session: Session, call: Call): Values {
  const id = { tool_use_id: wireCall(session.seat, call) };
  const isMcp = call.verb === "mcp";
  const tool_name = isMcp ? "mcp_tool" : wireTool(session.seat, call);
  if (session.seat.withholds) return { ...id, tool_name };
  const parameters = isMcp
    ? { mcp_server_name: call.server, mcp_tool_name: call.target }
    : call.verb === "shell"
      ? {
          bash_command: call.target.split(" ")[0],
          full_command: call.target,
          description: "Run it",
        }
      : undefined;
  return parameters === undefined
    ? { ...id, tool_name }
    : { ...id, tool_name, tool_parameters: JSON.stringify(parameters) };
}
