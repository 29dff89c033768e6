import type { Body, FactSink } from "@custody/model";
import { everything, filled } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import type { EventPlace } from "./event-place.ts";

const prefix = "github.copilot.sandbox.";

type Outcome = NonNullable<Body<"sandbox">["outcome"]>;

/** Words of Copilot's sandbox that are an outcome of ours; every other stands as the mode it left the process in. */
const outcomes: ReadonlyMap<string, Outcome> = new Map([
  ["denied", "denied"],
  ["blocked", "denied"],
  ["bypassed", "escalated"],
  ["escalated", "escalated"],
  ["timed_out", "timed_out"],
]);

/** Which part of an event is plain; the rest of it may hold paths and commands, and is content. */
const plain = ["decision_kind", "control", "outcome", "enforcement_point", "platform", "backend"];

/** What Copilot's own enforcing part says it did: reported by the agent, from an enforcer's place (agent-telemetry 5). */
export function sandboxEvent({ event, envelope, key }: EventPlace, sink: FactSink): void {
  const { attributes } = event;
  const of = (name: string): string | undefined => filled(attributes, `${prefix}${name}`);
  const word = of("outcome");
  const outcome = word === undefined ? undefined : outcomes.get(word);
  const attrs: Record<string, string> = { ...envelope.attrs, event: event.name };
  for (const name of plain) {
    const text = of(name);
    if (text !== undefined) attrs[`${prefix}${name}`] = text;
  }
  sink.fact({
    class: "sandbox",
    key: key("sandbox"),
    ...envelope,
    vantage: "enforcer",
    body: present({
      event: outcome === undefined ? ("change" as const) : ("outcome" as const),
      attested_by: "agent" as const,
      // The state of the process sandbox is the mode the command ran in.
      mode: of("decision_kind") === "enforcement_state" ? word : undefined,
      backend: of("backend"),
      outcome,
      initial_duration_ms: attributes.integer(`${prefix}duration_ms`),
    }),
    attrs,
    ...contents({ attributes: everything(attributes) }),
  });
}
