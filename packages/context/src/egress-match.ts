import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { hostAllowed } from "./allow-list.ts";
import type { JoinMethod } from "./join-methods.ts";
import { type Placement, placementBy } from "./placement.ts";
import type { EgressDocument } from "./policy-shape.ts";

/**
 * How well a flow is explained: by a call of high or medium confidence, or by an allow-list that names its host for the agent itself; by time
 * alone, or by one of several calls; or not at all. Only `explained` clears a flow of being unexplained egress.
 */
export type FlowMatch = "explained" | "weak" | "none";

type Flow = LedgerRecord<"egress">;

/**
 * What the links made of a flow come to. `inForce` is the allow-list in force at the flow's time: whether a host is for the agent itself is a
 * person's word in a policy, never the agent's, and is judged at read like every policy.
 */
export function matchOfFlow(
  flow: Flow,
  links: readonly PlacedRecord[],
  inForce?: EgressDocument,
): FlowMatch {
  return matchOfPlaced(flow, placementBy(links), inForce);
}

/** The same where many flows are asked of one placement. */
export function matchOfPlaced(
  flow: Flow,
  placement: Placement,
  inForce?: EgressDocument,
): FlowMatch {
  const { call, link } = placement.of(flow);
  if (isForAgent(flow, inForce)) return "explained";
  if (call === undefined) return link?.body.method === severalCalls ? "weak" : "none";
  // Without a link the flow's own record names the call: its observer knows it.
  return link?.body.confidence === "low" ? "weak" : "explained";
}

const severalCalls: JoinMethod = "several_calls";

/**
 * Whether somebody must be able to say why a flow was made: an observer saw it leave. What an agent tells of its own network nobody would know of
 * without it, and what stays on the machine, which sensors see too, has not left: a listener there that passes it on is seen by itself.
 */
export function mustBeExplained({ grade, body }: Flow): boolean {
  if (grade !== "observed" || body.action === "asked") return false;
  return body.via !== "sandbox_net" || !isLoopback(body.host);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

/** Whether the flow goes to a host that the allow-list names for the agent itself, such as its model's endpoint. */
export function isForAgent({ body }: Flow, inForce: EgressDocument | undefined): boolean {
  if (inForce === undefined) return false;
  return hostAllowed(body.host, body.port, inForce).purpose === "agent";
}
