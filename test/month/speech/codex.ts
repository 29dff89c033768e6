import { wireArguments, wireTool } from "../world/wire-words.ts";
import type { Ask, Call, Session } from "../world/world.ts";
import { type Item, iso, logItem, type Source, type Values } from "./otlp.ts";

/** What Codex calls who let a call go ahead (agent-telemetry 15.1). */
const verdicts: Readonly<Record<Ask, readonly [string, string]>> = {
  auto: ["approved", "Config"],
  user: ["approved", "User"],
  "user-session": ["approved_for_session", "User"],
  reviewer: ["approved", "AutomatedReviewer"],
  hook: ["approved", "Config"],
  bypass: ["approved", "Config"],
  "deny-user": ["denied", "User"],
  "deny-policy": ["denied", "Config"],
};

export const codexSource: Source = {
  resource: { "service.name": "codex_exec", "service.version": "0.169.0", env: "dev" },
  scope: { name: "codex_otel.log_only" },
};

/** A session in Codex's log events. */
export function codexItems(session: Session): readonly Item[] {
  const { seat } = session;
  const say = (at: number, name: string, values: Values): Item => {
    const saidAt = at + session.skewMs;
    const shared = {
      "event.timestamp": iso(saidAt),
      "conversation.id": session.id,
      "app.version": seat.version,
      originator: seat.headless ? "codex_exec" : "codex_cli_rs",
      "terminal.type": "xterm-256color",
      model: seat.model,
      slug: seat.model,
    };
    const all = { "event.name": name, ...values, ...shared };
    return logItem({ at, saidAt, values: all, observedOnly: true });
  };
  return [
    say(session.startAt, "codex.conversation_starts", {
      provider_name: "openai",
      reasoning_summary: "auto",
      approval_policy: session.approvalMode,
      sandbox_policy: session.sandboxMode,
      mcp_servers: [...new Set(session.servers)].join(","),
    }),
    ...session.steps.flatMap((step) => {
      if (step.is === "call") return callItems(session, step.call, say);
      if (step.is === "turn") {
        const values = { prompt: step.prompt, prompt_length: String(step.prompt.length) };
        return [say(step.at, "codex.user_prompt", values)];
      }
      if (step.is === "mode") return [];
      return [say(step.at, "codex.sse_event", completed(step))];
    }),
  ];
}

function completed({ input, output }: { readonly input: number; readonly output: number }): Values {
  return {
    "event.kind": "response.completed",
    input_token_count: String(input),
    output_token_count: String(output),
    cached_token_count: "0",
    reasoning_token_count: "0",
    tool_token_count: String(input + output),
  };
}

type Say = (at: number, name: string, values: Values) => Item;

function callItems(session: Session, call: Call, say: Say): readonly Item[] {
  const [decision, source] = verdicts[call.ask];
  const place = {
    tool_name: wireTool(session.seat, call),
    tool_namespace: namespaceOf(call),
    call_id: call.id,
  };
  const spawned =
    call.child === undefined
      ? []
      : [say(call.endAt, "codex.agent_communication", spawnOf(session, call))];
  return [
    say(call.decidedAt, "codex.tool_decision", { ...place, decision, source }),
    ...spawned,
    codexResult(session, call, say),
  ];
}

/** `codex.tool_result`; its duration counts from when the call was dispatched. */
function codexResult(session: Session, call: Call, say: Say): Item {
  const output = outputOf(call);
  return say(call.endAt, "codex.tool_result", {
    tool_name: wireTool(session.seat, call),
    tool_namespace: namespaceOf(call),
    call_id: call.id,
    duration_ms: String(call.endAt - call.decidedAt + call.waitedMs),
    success: String(call.ran && (call.verb !== "mcp" || call.exit === 0)),
    output_truncated: "false",
    agent_name: "/root",
    arguments: wireArguments(session.seat, call),
    output,
    mcp_server: call.server ?? "",
    mcp_server_origin: call.server === undefined ? "" : "stdio",
  });
}

function namespaceOf(call: Call): string {
  if (call.verb === "mcp") return `mcp__${call.server ?? ""}`;
  return call.verb === "spawn" ? "collaboration" : "functions";
}

function outputOf(call: Call): string {
  if (!call.ran) {
    return 'exec_command failed: CreateProcess { message: "Rejected(\\"rejected by user\\")" }';
  }
  if (call.verb === "mcp" || call.verb === "spawn") return call.output;
  if (call.verb === "write" || call.verb === "edit") {
    return `Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess. Updated the following files:\nM ${call.target}\n`;
  }
  const seconds = ((call.endAt - call.startAt) / 1_000).toFixed(4);
  return `Chunk ID: ${call.id.slice(5, 11)}\nWall time: ${seconds} seconds\nProcess exited with code ${call.exit}\nOriginal token count: 9\nOutput:\n${call.output}`;
}

function spawnOf(session: Session, call: Call): Values {
  return {
    communication_id: call.id,
    kind: "spawn",
    state: "send",
    sender_thread_id: session.id,
    receiver_thread_id: call.child,
    content: call.target,
  };
}
