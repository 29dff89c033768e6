import { randomFillSync } from "node:crypto";
import type { HrTime, SpanContext } from "@opentelemetry/api";
import { sampledFlag } from "./otel.ts";
import type { LiveSpan, SpanRecord, SpanStart, StartSpan } from "./span-record.ts";

/**
 * Makes finished spans for the outbox without an SDK in between. An audit span has no sampler to
 * ask, no events, and all its attributes from us; the SDK would check and copy each of them several
 * times. README.md says what that costs an agent, measured.
 */
export function ownSpans(take: (span: SpanRecord) => void): StartSpan {
  return (start): LiveSpan => {
    const context: SpanContext = {
      traceId: start.parent?.traceId ?? randomHex(16),
      spanId: randomHex(8),
      traceFlags: sampledFlag,
    };
    return {
      context,
      end: (_from, failed, endTime) => take(new FinishedSpan(start, context, failed, endTime)),
    };
  };
}

/** A class, so that all spans have one shape in memory. */
class FinishedSpan implements SpanRecord {
  readonly name: string;
  readonly kind: number;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly follows: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly failed: boolean;
  readonly common: SpanStart["common"];
  readonly attributes: SpanStart["attributes"];

  constructor(start: SpanStart, context: SpanContext, failed: boolean, endTime: HrTime) {
    this.name = start.name;
    this.kind = start.kind;
    this.context = context;
    this.parent = start.parent;
    this.follows = start.follows;
    this.startTime = start.startTime;
    this.endTime = endTime;
    this.failed = failed;
    this.common = start.common;
    this.attributes = start.attributes;
  }
}

/** Random bytes are drawn many at a time: one draw costs more than the ids of a span. */
const pool = Buffer.alloc(4_096);
let drawn = pool.length;

function randomHex(bytes: number): string {
  if (drawn + bytes > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += bytes;
  return pool.toString("hex", drawn - bytes, drawn);
}
