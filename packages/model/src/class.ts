import type { ActionBodies } from "./body-action.ts";
import type { SessionBodies } from "./body-session.ts";
import type { TrustBodies } from "./body-trust.ts";
import type { WorldBodies } from "./body-world.ts";

/** The closed, versioned registry of record classes (design 4). Order is the order of printing. */
export const recordClasses = [
  "session",
  "turn",
  "inference",
  "decision",
  "approval",
  "tool_call",
  "observation",
  "egress",
  "sandbox",
  "policy",
  "change",
  "access",
  "finding",
  "link",
  "integrity",
  "heartbeat",
  "opaque",
  "seal",
] as const;
export type RecordClass = (typeof recordClasses)[number];

export type Bodies = SessionBodies & ActionBodies & WorldBodies & TrustBodies;
export type Body<C extends RecordClass = RecordClass> = Bodies[C];

export function isRecordClass(text: string): text is RecordClass {
  return (recordClasses as readonly string[]).includes(text);
}
