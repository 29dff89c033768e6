import { detectDay } from "@custody/detections";
import { expect, test } from "vitest";
import { dayEvidenceOf, found, foundInDay } from "../../../test/detections/replay.ts";
import { shippedRules } from "../../../test/detections/shipped-rules.ts";

const strays = {
  flows: [
    { second: 1, listed: false },
    { second: 2, listed: true },
    { second: 3, body: { host: "169.254.169.254" } },
  ],
} as const;

test("flows that no session has are looked at in their day, by the rules that look at those of a session", () => {
  expect(foundInDay("D-NET-01", strays)).toEqual(["allowed high"]);
  expect(foundInDay("D-SBX-02", strays)).toEqual(["metadata critical"]);
  expect(found("D-NET-01", strays)).toEqual(["allowed high"]);
});

test("a finding of a day has no session and no call", () => {
  const [first] = detectDay(shippedRules, dayEvidenceOf(strays));
  expect(first?.session).toBeUndefined();
  expect(first?.key.slice(3, 5)).toEqual(["", ""]);
});
