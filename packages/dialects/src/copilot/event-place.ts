import type { SpanEventView, SpanView } from "@custody/model";
import type { Envelope } from "./envelope.ts";

/** One event on a span, with what tells it from every other event of that span. */
export interface EventPlace {
  readonly item: SpanView;
  readonly event: SpanEventView;
  /** Of the span, at the time of the event. */
  readonly envelope: Envelope & { readonly call?: string };
  key(role: string): readonly string[];
}
