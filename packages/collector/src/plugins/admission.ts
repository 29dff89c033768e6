import { Refusal } from "../errors.ts";

/** Bytes of requests being read or worked on, over all sources. */
const inFlightBytesMax = 134_217_728;
/** The same for one subject: a single loud source is refused before it can crowd out the others (design 3, invariant 9). */
const subjectInFlightBytesMax = 67_108_864;
/** What a body without Content-Length is taken to weigh until it was read. */
const unknownBytes = 1_048_576;
const retryAfterMs = 1_000;

export interface Admission {
  /** Counts a request in, or throws a Refusal with Retry-After. Call the answer exactly once when the request is done. */
  enter(subject: string, contentLength: number | undefined): () => void;
  bytes(): number;
}

export function createAdmission(): Admission {
  const bySubject = new Map<string, number>();
  let total = 0;
  return {
    enter(subject, contentLength) {
      const weight = contentLength ?? unknownBytes;
      const own = bySubject.get(subject) ?? 0;
      if (own > 0 && own + weight > subjectInFlightBytesMax) {
        throw new Refusal("overloaded", "this source has too much in flight", { retryAfterMs });
      }
      if (total > 0 && total + weight > inFlightBytesMax) {
        throw new Refusal("full", "too many bytes are in flight", { retryAfterMs });
      }
      total += weight;
      bySubject.set(subject, own + weight);
      let open = true;
      return () => {
        if (!open) return;
        open = false;
        total -= weight;
        const left = (bySubject.get(subject) ?? 0) - weight;
        if (left > 0) bySubject.set(subject, left);
        else bySubject.delete(subject);
      };
    },
    bytes: () => total,
  };
}
