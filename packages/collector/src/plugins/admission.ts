import { Refusal } from "../errors.ts";

/** Bytes of requests being read or worked on, over all sources, after decompression. */
const inFlightBytesMax = 134_217_728;
/** The same for one subject: a single loud source is refused before it can crowd out the others (design 3, invariant 9). */
const subjectInFlightBytesMax = 67_108_864;
const retryAfterMs = 1_000;

/** What one request takes up, from before its body is read until nobody holds it any more. */
export interface Seat {
  /** The request turned out to be larger. Throws a Refusal with Retry-After where that does not fit. */
  grow(bytes: number): void;
  /** Keeps the seat while the request is worked on; the answer lets go of it. */
  hold(): () => void;
}

export interface Admission {
  /** Seats a request, or throws a Refusal with Retry-After. The seat is empty when `gone` and every holder was called. */
  enter(subject: string, bytes: number): { readonly seat: Seat; readonly gone: () => void };
  bytes(): number;
  /** Above it requests of all sources are refused. */
  readonly bytesMax: number;
}

export function createAdmission(): Admission {
  const bySubject = new Map<string, number>();
  let total = 0;

  /** Whoever is alone always fits: the limits of one request are checked elsewhere. */
  const weigh = (subject: string, own: number, more: number): void => {
    const others = (bySubject.get(subject) ?? 0) - own;
    const elsewhere = total - own - others;
    // Half of what the others left: however many sources fill what they may, there is room for one more.
    const share = Math.min(subjectInFlightBytesMax, (inFlightBytesMax - elsewhere) / 2);
    if (others > 0 && others + own + more > share) {
      throw new Refusal("overloaded", "this source has too much in flight", { retryAfterMs });
    }
    if (total > own && total + more > inFlightBytesMax) {
      throw new Refusal("full", "too many bytes are in flight", { retryAfterMs });
    }
    add(subject, more);
  };
  const add = (subject: string, bytes: number): void => {
    total += bytes;
    const left = (bySubject.get(subject) ?? 0) + bytes;
    if (left > 0) bySubject.set(subject, left);
    else bySubject.delete(subject);
  };

  return {
    enter(subject, bytes) {
      weigh(subject, 0, bytes);
      let weight = bytes;
      let holders = 0;
      const hold = (): (() => void) => {
        holders += 1;
        let open = true;
        return () => {
          if (!open) return;
          open = false;
          holders -= 1;
          if (holders > 0) return;
          add(subject, -weight);
          weight = 0;
        };
      };
      const grow = (more: number): void => {
        weigh(subject, weight, more);
        weight += more;
      };
      return { seat: { grow, hold }, gone: hold() };
    },
    bytes: () => total,
    bytesMax: inFlightBytesMax,
  };
}
