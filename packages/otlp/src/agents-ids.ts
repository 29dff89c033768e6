import { createHash } from "node:crypto";

/** `trace_` and 32 hex digits, `span_` and 24 of which the first 16 are kept: OTLP has no room for more. */
const ownTrace = /^trace_([0-9a-f]{32})$/i;
const ownSpan = /^span_([0-9a-f]{16})[0-9a-f]{8}$/i;

/** The SDK lets an application choose ids of its own; those are hashed, so that equal ids stay equal. */
export function traceIdOf(id: string | undefined): string | undefined {
  return id && (ownTrace.exec(id)?.[1]?.toLowerCase() ?? hashed("trace", id, 32));
}

export function spanIdOf(id: string | undefined): string | undefined {
  return id && (ownSpan.exec(id)?.[1]?.toLowerCase() ?? hashed("span", id, 16));
}

function hashed(kind: string, id: string, digits: number): string {
  return createHash("sha256")
    .update(JSON.stringify([kind, id]))
    .digest("hex")
    .slice(0, digits);
}
