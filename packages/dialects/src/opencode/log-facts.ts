import type { Capability, FactSink, LogView } from "@custody/model";
import { contents } from "../content.ts";
import { at, textAt } from "../json-path.ts";
import { present } from "../present.ts";
import { ruleEvaluated } from "./approval-facts.ts";
import { logEnvelope, logKey } from "./envelope.ts";
import { type Message, messageOf } from "./messages.ts";
import { noiseMessages } from "./noise-messages.ts";

/** What opencode is able to say at all. Of sandboxes and of the network it says nothing (agent-telemetry 6). */
const can: readonly Capability[] = ["prompt", "arguments", "results", "approvals", "identity"];

type Read = (item: LogView, message: Message, sink: FactSink) => "done" | "opaque";

/** Log records have no name: their first words stand for one. What is in no table is kept whole. */
export function logRecord(item: LogView, sink: FactSink): "done" | "opaque" {
  const message = messageOf(item);
  if (message === undefined) return "opaque";
  const read = readers.get(message.words);
  if (read !== undefined) return read(item, message, sink);
  if (!noiseMessages.has(message.words)) return "opaque";
  sink.noise(`log ${message.words}`);
  return "done";
}

/** `created`: a session, with the one it belongs to where a sub-agent works in it. */
function created(item: LogView, { said, rest }: Message, sink: FactSink): "done" | "opaque" {
  const session = textAt(said, "id") ?? idIn(rest);
  if (session === undefined) return "opaque";
  sink.fact({
    class: "session",
    key: logKey(item, "created", session),
    ...logEnvelope(item, session),
    body: present({
      event: "start" as const,
      entrypoint: item.resource.text("opencode.client"),
      parent_session: textAt(said, "parentID"),
      can,
    }),
    ...contents({ attributes: rest }),
  });
  return "done";
}

/** The text is cut or no JSON in places; the id stands at its head. */
function idIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /^\{"id":"(ses_[A-Za-z0-9]{1,64})"/.exec(text)?.[1];
}

/**
 * `loop`: one round of the agent in a session. The first of them is what a prompt began; the prompt itself is in the model call. A prompt is one
 * request to opencode's server, so its trace names the turn, with the rounds of sub-agents inside it.
 */
function loop(item: LogView, { said, rest }: Message, sink: FactSink): "done" | "opaque" {
  const session = textAt(said, "session.id");
  if (session === undefined) return "opaque";
  if (Number(at(said, "step")) !== 0) {
    sink.noise("log loop");
    return "done";
  }
  sink.fact({
    class: "turn",
    key: logKey(item, "loop", rest ?? ""),
    ...logEnvelope(item, session),
    ...present({ turn: item.traceId }),
    body: { event: "start", prompt_state: "unknown" },
  });
  return "done";
}

function loopEnded(item: LogView, { said, rest }: Message, sink: FactSink): "done" | "opaque" {
  const session = textAt(said, "session.id");
  if (session === undefined) return "opaque";
  sink.fact({
    class: "turn",
    key: logKey(item, "exiting loop", rest ?? ""),
    ...logEnvelope(item, session),
    ...present({ turn: item.traceId }),
    body: { event: "end", prompt_state: "unknown" },
  });
  return "done";
}

/** `stream` and `stream error`: a model was called, and failed. Without the AI SDK's spans nothing else names the model and the session. */
function stream(status: "unknown" | "error"): Read {
  return (item, { words, said, rest }, sink) => {
    const session = textAt(said, "session.id") ?? sessionIn(rest);
    if (session === undefined) return "opaque";
    const envelope = logEnvelope(item, session);
    const model = textAt(said, "modelID");
    sink.fact({
      class: "inference",
      key: logKey(item, words, rest ?? ""),
      ...envelope,
      ...(model === undefined ? {} : { agent: { name: "opencode", ...envelope.agent, model } }),
      body: present({
        status,
        primary: false,
        purpose: textAt(said, "agent"),
        provider: textAt(said, "providerID"),
        model,
      }),
      ...contents({ error: status === "error" ? rest : undefined, attributes: rest }),
    });
    return "done";
  };
}

/** An error is printed into the text as it prints itself, which leaves no JSON. */
function sessionIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /"session\.id":"(ses_[A-Za-z0-9]{1,64})"/.exec(text)?.[1];
}

/** Something of the agent's own housekeeping that an auditor may ask for: kept with its words. */
const seen: Read = (item, { words, said, rest }, sink) => {
  const envelope = logEnvelope(item, textAt(said, "session.id") ?? textAt(said, "sessionID"));
  sink.fact({
    class: "session",
    key: logKey(item, words, rest ?? ""),
    ...envelope,
    attrs: { ...envelope.attrs, event: words },
    body: { event: "seen" },
    ...contents({ attributes: rest }),
  });
  return "done";
};

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["created", created],
  ["loop", loop],
  ["exiting loop", loopEnded],
  ["stream", stream("unknown")],
  ["stream error", stream("error")],
  ["evaluated", ruleEvaluated],
  ["asking", seen],
  ["replied", seen],
  ["rejected", seen],
  ["cancel", seen],
  ["session exited", seen],
  ["loop exit with orphaned interrupted tool", seen],
  ["MCP connection closed", seen],
  ["MCP server log", seen],
  ["OPENCODE_PERMISSION contains invalid JSON, skipping", seen],
  ["schema rejection", seen],
  ["subtask execution failed", seen],
  ["thinking blocks dropped by provider", seen],
]);
