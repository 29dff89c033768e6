import type { Body, FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { keyTime, logEnvelope } from "./envelope.ts";
import { kept, known } from "./fields.ts";

type SandboxOutcome = NonNullable<Body<"sandbox">["outcome"]>;

const outcomes: ReadonlyMap<string, SandboxOutcome> = new Map([
  ["denied", "denied"],
  ["escalated", "escalated"],
  ["signal", "signal"],
  ["timed_out", "timed_out"],
]);

/** `codex.sandbox_outcome`: what Codex's own sandbox did to a call. */
export function sandboxOutcome(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const word = attributes.text("outcome") ?? "";
  const outcome = outcomes.get(word);
  if (outcome === undefined) return "opaque";
  const envelope = logEnvelope(item);
  const call = filled(attributes, "call_id");
  sink.fact({
    class: "sandbox",
    key: ["sandbox", envelope.session ?? "", call ?? "", word, keyTime(item)],
    ...envelope,
    ...present({ call, attrs: listed(attributes, kept["codex.sandbox_outcome"]) }),
    vantage: "enforcer",
    body: present({
      event: "outcome" as const,
      attested_by: "agent" as const,
      outcome,
      initial_duration_ms: whole(attributes, "initial_duration_ms"),
      escalated_duration_ms: whole(attributes, "escalated_duration_ms"),
    }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}

const actions: ReadonlyMap<string, Body<"egress">["action"]> = new Map([
  ["allow", "allowed"],
  ["deny", "denied"],
  ["ask", "asked"],
]);

/** `codex.network_proxy.policy_decision`: no call id; `execution.id` ties the requests of one command together (agent-telemetry 1.5). */
export function policyDecision(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const action = actions.get(attributes.text("network.policy.decision") ?? "");
  const host = filled(attributes, "server.address");
  if (action === undefined || host === undefined) return "opaque";
  const envelope = logEnvelope(item);
  const execution = filled(attributes, "execution.id");
  const client = filled(attributes, "client.address");
  const port = whole(attributes, "server.port") ?? 0;
  sink.fact({
    class: "egress",
    key: [
      "egress",
      envelope.session ?? "",
      execution ?? "",
      client ?? "",
      host,
      String(port),
      action,
      keyTime(item),
    ],
    ...envelope,
    vantage: "enforcer",
    body: present({
      host,
      port,
      protocol: filled(attributes, "network.transport.protocol") ?? "unknown",
      method: methodOf(filled(attributes, "http.request.method")),
      action,
      reason: filled(attributes, "network.policy.reason"),
      via: "agent" as const,
      client,
      execution,
      override: attributes.boolean("network.policy.override"),
    }),
    ...present({ attrs: listed(attributes, kept["codex.network_proxy.policy_decision"]) }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}

/** The proxy writes `none` for flows that are not HTTP. */
function methodOf(method: string | undefined): string | undefined {
  return method === "none" ? undefined : method;
}
