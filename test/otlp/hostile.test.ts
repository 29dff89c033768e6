import { decodeOtlp, type Encoding, type Signal } from "@custody/otlp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturedBodies } from "./captures.ts";
import { described } from "./described.ts";
import { encodeRequest } from "./protobuf.ts";
import { requests } from "./request-arbitrary.ts";

const signals: readonly Signal[] = ["traces", "logs", "metrics"];
const encodings: readonly Encoding[] = ["protobuf", "json"];

/** Reads everything a body offers: what was accepted must never throw later. */
function readAll(signal: Signal, encoding: Encoding, bytes: Uint8Array): void {
  const result = decodeOtlp(signal, encoding, bytes);
  if (result.outcome === "malformed") {
    expect(result.position).toMatch(/^(byte \d+|resource(Spans|Logs|Metrics)[\w.[\]]*)$/);
    return;
  }
  for (const view of result.items) described(view);
}

const bodyOf = (signal: Signal, encoding: Encoding, request: object): Buffer =>
  encoding === "json" ? Buffer.from(JSON.stringify(request)) : encodeRequest(signal, request);

describe.each(
  signals.flatMap((signal) => encodings.map((encoding) => [signal, encoding] as const)),
)("%s in %s", (signal, encoding) => {
  test("a body cut anywhere, or with flipped bits, is malformed or read, and never anything else", () => {
    const change = fc.record({ at: fc.nat(), bit: fc.nat(7) });
    const changes = fc.array(change, { maxLength: 4 });
    fc.assert(
      fc.property(requests[signal], fc.nat(), changes, (request, cut, flips) => {
        const bytes = bodyOf(signal, encoding, request);
        readAll(signal, encoding, bytes.subarray(0, cut % (bytes.length + 1)));
        for (const { at, bit } of flips) {
          const place = at % bytes.length;
          bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        }
        readAll(signal, encoding, bytes);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test("random bytes are malformed or read", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => readAll(signal, encoding, bytes)),
    );
  });
});

test("captured bodies with flipped bits are malformed or read", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed % below;
  };
  for (const { signal, encoding, bytes } of capturedBodies().filter(
    (_, index) => index % 9 === 0,
  )) {
    for (let round = 0; round < 8; round++) {
      const copy = Buffer.from(bytes);
      const at = random(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      readAll(signal, encoding, round % 2 === 0 ? copy : copy.subarray(0, at));
    }
  }
});
