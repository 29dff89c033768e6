import { createHash } from "node:crypto";
import { wireArguments, wireTool } from "../world/wire-words.ts";
import type { Ask, Call, Session } from "../world/world.ts";
import { type Item, type Source, spanItem, type Values } from "./otlp.ts";

export const ownSource: Source = {
  resource: {
    "service.name": "desk-agent",
    "service.version": "1.4.2",
    "telemetry.distro.name": "custody",
    "telemetry.distro.version": "0.1.0",
  },
  scope: { name: "@custody/instrumentation", version: "0.1.0" },
};

export const genAiSource: Source = {
  resource: { "service.name": "refactor-bot", "service.version": "3.0.1" },
  scope: { name: "my-agent" },
};

const verdicts: Readonly<Record<Ask, readonly [string, string, string]>> = {
  auto: ["allow", "policy", "once"],
  user: ["allow", "human", "once"],
  "user-session": ["allow", "human", "session"],
  reviewer: ["allow", "auto_reviewer", "once"],
  hook: ["allow", "hook", "once"],
  bypass: ["allow", "none", "once"],
  "deny-user": ["deny", "human", "once"],
  "deny-policy": ["deny", "policy", "once"],
};

const kinds = {
  shell: "exec",
  read: "fs",
  write: "fs",
  edit: "fs",
  fetch: "net",
  mcp: "mcp",
  spawn: "agent",
} as const;
const trusts: Readonly<Record<string, string>> = { fetch: "web", mcp: "mcp" };

const spanId = (...of: readonly string[]): string =>
  createHash("sha256").update(of.join("/")).digest("hex").slice(0, 16);

type Say = (name: string, at: number, end: number, values: Values, parent?: string) => Item;

/** A session in the spans of our own instrumentation, which numbers them. */
export function ownItems(session: Session): readonly Item[] {
  const { seat } = session;
  const trace = createHash("sha256").update(session.id).digest("hex").slice(0, 32);
  let seq = 0;
  const say: Say = (kind, at, end, values, parent) =>
    spanItem({
      at: end,
      name: kind,
      trace,
      span: spanId(session.id, kind, String(seq)),
      parent,
      start: at + session.skewMs,
      end: end + session.skewMs,
      values: {
        "custody.span.kind": kind,
        "custody.session.id": session.id,
        "gen_ai.conversation.id": session.id,
        "custody.src.id": `desk-agent@${seat.id}`,
        "custody.src.epoch": session.id.slice(0, 8),
        "custody.src.seq": seq++,
        "gen_ai.agent.name": "desk-agent",
        "gen_ai.agent.version": seat.version,
        ...values,
      },
    });
  const begin = { "custody.session.event": "start", "custody.session.workspace": seat.folder };
  const items = [say("session", session.startAt, session.startAt, begin)];
  for (const step of session.steps) {
    if (step.is === "turn") {
      const text = messages("user", step.prompt);
      const values = { "custody.turn.id": step.id.slice(0, 16), "gen_ai.input.messages": text };
      items.push(say("turn", step.at, step.at, { ...values, "custody.content": "captured" }));
    } else if (step.is === "infer")
      items.push(say("inference", step.at, step.at, inferred(session, step)));
    else if (step.is === "call") items.push(...ownCall(session, step.call, say));
  }
  const over = { "custody.session.event": "end", "custody.session.end_reason": "exit" };
  return [...items, say("session", session.endAt, session.endAt, over)];
}

const messages = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: "text", content }] }]);

function inferred(
  session: Session,
  { input, output }: { readonly input: number; readonly output: number },
): Values {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": session.seat.model,
    "gen_ai.response.model": session.seat.model,
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
  };
}

function ownCall(session: Session, call: Call, say: Say): readonly Item[] {
  const args = wireArguments(session.seat, call);
  const tool =
    call.verb === "mcp" ? `${call.server ?? ""}.${call.target}` : wireTool(session.seat, call);
  const identity = {
    "custody.call.id": call.id,
    "gen_ai.tool.call.id": call.id,
    "gen_ai.tool.name": tool,
    "custody.content": "captured",
  };
  const [verdict, by, scope] = verdicts[call.ask];
  const asked = call.decidedAt - call.waitedMs;
  const isDenied = verdict === "deny";
  const done = {
    "gen_ai.tool.call.arguments": args,
    "custody.tool.kind": kinds[call.verb],
    "custody.tool.status": isDenied ? "denied" : call.ran ? "executed" : "error",
    "custody.tool.success": isDenied ? undefined : call.ran && call.exit === 0,
    "custody.tool.exit_code": isDenied || call.verb !== "shell" ? undefined : call.exit,
    "gen_ai.tool.call.result": isDenied ? undefined : call.output,
  };
  const verdictOf = {
    "custody.approval.verdict": verdict,
    "custody.approval.by": by,
    "custody.approval.scope": scope,
    "custody.approval.raw": `${verdict}/${by}`,
  };
  const given = { ...identity, "gen_ai.tool.call.arguments": args };
  return [
    say("decision", asked, asked, { ...given, "custody.decision.reason": "It is the next step." }),
    say("approval", asked, call.decidedAt, { ...identity, ...verdictOf }),
    say("tool_call", call.startAt, call.endAt, { ...identity, ...done }),
    ...(isDenied
      ? []
      : [say("observation", call.endAt, call.endAt, { ...identity, ...observed(call) })]),
  ];
}

function observed({ output, verb }: Call): Values {
  return {
    "custody.observation.bytes": Buffer.byteLength(output),
    "custody.observation.trust": trusts[verb] ?? "tool_output",
    "custody.observation.excerpt": output,
  };
}

/** A session by a library of the GenAI conventions: a trace of each turn, and no word of approvals. */
export function genAiItems(session: Session): readonly Item[] {
  const turns: Item[] = [];
  let turn = session.id;
  const say: Say = (operation, at, end, values, key = "") => {
    const trace = createHash("sha256").update(turn).digest("hex").slice(0, 32);
    const isRoot = operation === "invoke_agent";
    return spanItem({
      at: end,
      name: `${operation} ${key === "" ? session.seat.model : key}`,
      trace,
      span: isRoot ? spanId(turn, "root") : spanId(turn, operation, String(at), key),
      parent: isRoot ? undefined : spanId(turn, "root"),
      start: at + session.skewMs,
      end: end + session.skewMs,
      values: {
        "gen_ai.operation.name": operation,
        "gen_ai.conversation.id": session.id,
        "gen_ai.agent.name": "refactor-bot",
        ...values,
      },
    });
  };
  for (const step of session.steps) {
    if (step.is === "turn") {
      turn = step.id;
      const values = { "gen_ai.input.messages": messages("user", step.prompt) };
      turns.push(say("invoke_agent", step.at, step.at + 1, values));
    } else if (step.is === "infer")
      turns.push(say("chat", step.at, step.at + 900, inferred(session, step)));
    else if (step.is === "call") turns.push(genAiCall(session, step.call, say));
  }
  return turns;
}

function genAiCall(session: Session, call: Call, say: Say): Item {
  const tool = wireTool(session.seat, call);
  const failed = !call.ran;
  return say(
    "execute_tool",
    call.startAt,
    call.endAt,
    {
      "gen_ai.tool.name": tool,
      "gen_ai.tool.call.id": call.id,
      "gen_ai.tool.type": call.verb === "mcp" ? "extension" : "function",
      "gen_ai.tool.call.arguments": wireArguments(session.seat, call),
      ...(failed
        ? { "error.type": "ToolDenied" }
        : {
            "gen_ai.tool.call.result": JSON.stringify({ stdout: call.output, exitCode: call.exit }),
          }),
    },
    tool,
  );
}
