import type { Capability, FactSink, SpanEventView, SpanView } from "@custody/model";
import { filled, firstFilled, listed, unlisted } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { type Content, contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { type Envelope, spanEnvelope, spanKey } from "./envelope.ts";
import { spanEventNames } from "./event-names.ts";
import { kept, known, names } from "./fields.ts";
import { usageOf } from "./inference-facts.ts";
import { promptOf } from "./messages.ts";
import { spanEvents } from "./span-events.ts";

/** What Copilot is able to say at all. Of the network it says nothing; VS Code says nothing of approvals and sandboxes either. */
const can: Readonly<Record<string, readonly Capability[]>> = {
  copilot: ["prompt", "arguments", "results", "approvals", "sandbox"],
  "copilot-chat": ["prompt", "arguments", "results", "identity"],
};

const spanKindClient = 3;

/** `invoke_agent`: one run of the agent. A user's prompt makes it a turn; runs of sub-agents and those that a notification began are none. */
export function run(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = spanEnvelope(item);
  const prompts = item.events().filter(isPrompt);
  for (const [at, prompt] of prompts.entries()) turn(item, envelope, prompt, at, sink);
  if (prompts.length === 0 && isAsked(item)) turn(item, envelope, undefined, 0, sink);
  sink.fact({
    class: "session",
    key: spanKey(item, "session"),
    ...envelope,
    ...present({ parent: item.spanId }),
    attrs: { ...envelope.attrs, ...listed(attributes, kept.run) },
    body: present({
      event: "seen" as const,
      provider: firstFilled(attributes, names.provider),
      repo: firstFilled(attributes, names.repository),
      mcp_servers: serversOf(item),
      parent_session: firstFilled(attributes, names.parentSession),
      can: can[envelope.agent?.name ?? ""],
    }),
    ...contents({
      response: firstFilled(attributes, names.output),
      instructions: firstFilled(attributes, names.instructions),
      tools: firstFilled(attributes, names.toolDefinitions),
      error: item.statusMessage === "" ? undefined : item.statusMessage,
      attributes: unlisted(item, known),
    }),
  });
  total(item, envelope, sink);
  spanEvents(item, envelope, sink);
  return "done";
}

function isPrompt({ name, attributes }: SpanEventView): boolean {
  if (!Object.hasOwn(spanEventNames, name) || spanEventNames[name] !== "prompt") return false;
  const source = filled(attributes, "github.copilot.user.message.source");
  return source === undefined || source === "user";
}

/** Without events: a run at the root of its trace, or of a remote client, that nothing but a prompt can have begun. */
function isAsked(item: SpanView): boolean {
  const isRoot = item.parentSpanId === undefined || item.kind === spanKindClient;
  return isRoot && item.events().every(({ name }) => name !== "github.copilot.system.notification");
}

function turn(
  item: SpanView,
  envelope: Envelope,
  event: SpanEventView | undefined,
  at: number,
  sink: FactSink,
): void {
  const { attributes } = item;
  const asked = event?.attributes;
  const prompt = promptContent(item, event);
  const interaction =
    asked === undefined ? undefined : filled(asked, "github.copilot.user.message.interaction_id");
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn", String(at)),
    ...envelope,
    ...present({
      ts: event?.time ?? envelope.ts,
      span: item.spanId,
      turn: interaction ?? envelope.turn ?? item.spanId,
    }),
    attrs: {
      ...envelope.attrs,
      ...listed(attributes, kept.run),
      ...(asked === undefined ? {} : listed(asked, ["github.copilot.user.message.agent_mode"])),
    },
    body: present({
      event: "start" as const,
      prompt_state: prompt.state,
      prompt_bytes: prompt.text === undefined ? undefined : byteLength(prompt.text),
    }),
    ...contents({ prompt: prompt.text }),
  });
}

/** What was asked: of the event, else what VS Code extracted, else the last message of the user; messages of another form stay as they came. */
function promptContent({ attributes }: SpanView, event: SpanEventView | undefined): Content {
  const said =
    event === undefined
      ? undefined
      : (filled(event.attributes, "content") ??
        filled(event.attributes, "github.copilot.user.message.content"));
  const messages = firstFilled(attributes, names.input);
  return contentOf(
    said ?? firstFilled(attributes, names.userRequest) ?? promptOf(messages) ?? messages,
    "withheld",
  );
}

/** A JSON list of names or, without content capture, of digests of names. */
function serversOf({ attributes }: SpanView): readonly string[] | undefined {
  const text = firstFilled(attributes, names.mcpServers);
  if (text === undefined || !text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value)
      ? value.filter((one): one is string => typeof one === "string")
      : undefined;
  } catch {
    return undefined;
  }
}

/** The sum of a run's model calls, as a check on them: never counted beside its parts. */
function total(item: SpanView, envelope: Envelope, sink: FactSink): void {
  const usage = usageOf(item);
  if (usage.input_tokens === undefined) return;
  sink.fact({
    class: "inference",
    key: spanKey(item, "inference"),
    ...envelope,
    ...present({ parent: item.spanId }),
    body: present({
      status: "unknown" as const,
      primary: false,
      purpose: "turn_total",
      model: envelope.agent?.model,
      ...usage,
    }),
  });
}
