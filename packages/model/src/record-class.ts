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

export function isRecordClass(text: string): text is RecordClass {
  return (recordClasses as readonly string[]).includes(text);
}
