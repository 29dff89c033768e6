import type { Body, FactSink, SpanEventView, SpanView } from "@custody/model";
import { everything, filled } from "../attributes.ts";
import { byteLength } from "../byte-length.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { type Envelope, spanKey } from "./envelope.ts";
import { type EventReading, eventContent, sandboxMark, spanEventNames } from "./event-names.ts";
import type { EventPlace } from "./event-place.ts";
import { sandboxEvent } from "./sandbox-facts.ts";

/** Every event of a span, but prompts, which are the run's own matter. */
export function spanEvents(
  item: SpanView,
  of: Envelope & { readonly call?: string },
  sink: FactSink,
): void {
  for (const [at, event] of item.events().entries()) {
    const read = readers[readingOf(event)];
    // Like the facts of a run, those of an event have its times; the events of a span keep their order in every encoding.
    const { end: _, ...rest } = of;
    const envelope = { ...rest, ...present({ ts: event.time ?? of.ts, parent: item.spanId }) };
    const key = (role: string): readonly string[] => spanKey(item, "event", role, String(at));
    read?.({ item, event, envelope, key }, sink);
  }
}

function readingOf({ name, attributes }: SpanEventView): EventReading | "sandbox" | "unknown" {
  if (attributes.value(sandboxMark) !== undefined) return "sandbox";
  return Object.hasOwn(spanEventNames, name) ? (spanEventNames[name] ?? "unknown") : "unknown";
}

type Read = (place: EventPlace, sink: FactSink) => void;

const readers: Readonly<Partial<Record<EventReading | "sandbox" | "unknown", Read>>> = {
  sandbox: sandboxEvent,
  seen: (place, sink) => seen(place, { event: "seen" }, sink),
  error: (place, sink) => {
    // On the span of a call or a tool it repeats the span; on a run it is the only account of what ended it.
    if (place.item.attributes.text("gen_ai.operation.name") === "invoke_agent") {
      seen(place, { event: "seen" }, sink);
    }
  },
  mcp: (place, sink) => {
    const { attributes } = place.event;
    const server =
      filled(attributes, "github.copilot.mcp.server.name") ??
      filled(attributes, "github.copilot.mcp.server.name_hash");
    const servers = server === undefined ? undefined : [server];
    seen(place, present({ event: "seen" as const, mcp_servers: servers }), sink);
  },
  end: (place, sink) => {
    const reason = filled(place.event.attributes, "github.copilot.shutdown_type");
    seen(place, present({ event: "end" as const, end_reason: reason }), sink);
  },
  hook: (place, sink) => {
    seen(place, { event: "seen" }, sink);
    refusedByHook(place, sink);
  },
  abort: (place, sink) => {
    sink.fact({
      class: "turn",
      key: place.key("turn"),
      ...place.envelope,
      body: { event: "end", prompt_state: "unknown", interrupted: true },
      attrs: attrsOf(place),
      ...contentOf(place.event),
    });
  },
  noise: ({ event }, sink) => sink.noise(`event ${event.name}`),
  unknown: unknownEvent,
};

/** Attributes of an event as text; what somebody wrote is content instead. */
function attrsOf({ event, envelope }: EventPlace): Readonly<Record<string, string>> {
  const found: Record<string, string> = { ...envelope.attrs, event: event.name };
  for (const name of event.attributes.names()) {
    const text = filled(event.attributes, name);
    if (text !== undefined && !isContent(name)) found[name] = text;
  }
  return found;
}

const isContent = (name: string): boolean =>
  eventContent.has(name) || !(name.startsWith("github.copilot.") || name === "exception.type");

function contentOf({ attributes }: SpanEventView): ReturnType<typeof contents> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of attributes.names()) {
    const text = isContent(name) ? filled(attributes, name) : undefined;
    if (text !== undefined) found[name] = text;
  }
  const written = Object.keys(found).sort();
  return contents({
    attributes: written.length === 0 ? undefined : JSON.stringify(found, written),
  });
}

function seen(place: EventPlace, body: Body<"session">, sink: FactSink): void {
  const { call: _, ...envelope } = place.envelope;
  sink.fact({
    class: "session",
    key: place.key("session"),
    ...envelope,
    attrs: attrsOf(place),
    body,
    ...contentOf(place.event),
  });
}

const refusals: ReadonlySet<string> = new Set(["deny", "block"]);

/**
 * A hook that refused. The event names tools and no call, so the verdict stands beside the call's own, which says only that it was refused.
 * A hook that let something pass decided nothing: `allow` is also what is written of one that said nothing.
 */
function refusedByHook(place: EventPlace, sink: FactSink): void {
  const decision = filled(place.event.attributes, "github.copilot.hook.decision");
  if (decision === undefined || !refusals.has(decision)) return;
  const { call: _, ...envelope } = place.envelope;
  sink.fact({
    class: "approval",
    key: place.key("approval"),
    ...envelope,
    attrs: attrsOf(place),
    body: { verdict: "deny", by: "hook", scope: "once", raw: `hook/${decision}`, primary: false },
  });
}

/** An event of a name that no table holds: kept whole and counted, while the rest of its span is read. */
function unknownEvent({ item, event, envelope, key }: EventPlace, sink: FactSink): void {
  const payload = JSON.stringify({
    name: event.name,
    attributes: everything(event.attributes) ?? "{}",
  });
  sink.fact({
    class: "opaque",
    key: key("opaque"),
    ...envelope,
    body: present({
      signal: "span" as const,
      name: event.name,
      scope: item.scope.name === "" ? undefined : item.scope.name,
      service: item.resource.text("service.name"),
      bytes: byteLength(payload),
    }),
    content: { payload },
  });
}
