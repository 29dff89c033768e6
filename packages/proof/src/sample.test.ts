import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../test/support/crypto.ts";
import { createSampleRanker, sampleSeed, selectSample } from "./sample.ts";

const records = Array.from({ length: 5_000 }, (_, i) => sha256(Uint8Array.of(i & 255, i >> 8)));
const seed = sha256(Uint8Array.of(9));
const rank = createSampleRanker(sha256, seed);

test("a rank is the HMAC-SHA-256 that Node computes", () => {
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(digest, digest, (key, message) => {
      const expected = new Uint8Array(createHmac("sha256", key).update(message).digest());
      expect(createSampleRanker(sha256, key)(message)).toEqual(expected);
    }),
  );
});

const positions = (count: number, from = records): number[] =>
  selectSample(rank, from, count).map(({ position }) => position);

test("a larger sample begins with the smaller one", () => {
  const whole = positions(records.length);
  for (const count of [0, 1, 25, 60, 1_500])
    expect(positions(count)).toEqual(whole.slice(0, count));
});

test("the sample does not depend on the order of the rows", () => {
  const turned = [...records].reverse();
  const straight = positions(40).map((position) => records[position]);
  expect(positions(40, turned).map((position) => turned[position])).toEqual(straight);
});

test("asking for more than there is gives everything once", () => {
  expect(positions(10, records.slice(0, 3)).sort()).toEqual([0, 1, 2]);
});

test("seeds that could be guessed, or that could be read in two ways, are refused", () => {
  const good = {
    checkpointBody: "o\n1\nr\n",
    controlId: "AT-APR-01",
    auditorSeed: "sixteen letters!",
  };
  expect(sampleSeed(sha256, good)).toHaveLength(32);
  const bad = [
    { ...good, auditorSeed: "fifteen letters" },
    { ...good, auditorSeed: "sixteen\nletters!" },
    { ...good, auditorSeed: "x".repeat(1_025) },
    { ...good, controlId: "" },
    { ...good, controlId: "A\nB" },
  ];
  for (const input of bad) {
    expect(() => sampleSeed(sha256, input)).toThrow(
      expect.objectContaining({ code: "SAMPLE_INPUT" }),
    );
  }
});
