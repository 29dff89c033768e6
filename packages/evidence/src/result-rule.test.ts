import { expect, test } from "vitest";
import { type ResultFacts, resultOf } from "./result-rule.ts";

const facts: ResultFacts = {
  required: [{ class: "tool_call", rows: 1000, matchesSeals: true }],
  read: [{ class: "decision", rows: 0, matchesSeals: true }],
  sessions: 3,
  openGaps: 0,
  missingRecords: 0,
  longestSilenceMs: 0,
  needsAnchor: false,
  anchors: 0,
  inScope: 10,
  exceptions: 0,
};
const state = (change: Partial<ResultFacts>): string => resultOf({ ...facts, ...change }).state;
const empty = { class: "egress", rows: 0, matchesSeals: true } as const;

test("counts alone give no_exceptions, exceptions_noted or did_not_operate", () => {
  expect(state({})).toBe("no_exceptions");
  expect(state({ exceptions: 1 })).toBe("exceptions_noted");
  expect(state({ inScope: 0 })).toBe("did_not_operate");
});

test("a class whose stored records are not those of the seals makes a control untestable, whatever was found", () => {
  const changed = { class: "tool_call", rows: 1000, matchesSeals: false } as const;
  expect(state({ required: [changed], exceptions: 5 })).toBe("unable_to_test");
  expect(state({ read: [changed] })).toBe("unable_to_test");
});

test("a needed class without records is untestable while sessions ran, and no occasion without any session", () => {
  expect(state({ required: [empty], inScope: 0 })).toBe("unable_to_test");
  expect(state({ required: [empty], inScope: 0, sessions: 0 })).toBe("did_not_operate");
  expect(state({ read: [empty] })).toBe("no_exceptions");
});

test("open gaps up to half a per cent limit the scope; more, or a day of silence, is untestable", () => {
  const small = { ...facts, openGaps: 1, missingRecords: 5 };
  expect(resultOf(small)).toEqual({
    state: "no_exceptions",
    unableBecause: [],
    scopeLimitation: true,
  });
  expect(state({ openGaps: 1, missingRecords: 6 })).toBe("unable_to_test");
  expect(state({ longestSilenceMs: 86_400_000 })).toBe("no_exceptions");
  expect(state({ longestSilenceMs: 86_400_001 })).toBe("unable_to_test");
});

test("a control that needs an anchor is untestable without one, and says so", () => {
  expect(resultOf({ ...facts, needsAnchor: true }).unableBecause).toEqual([
    "no anchor outside the operator's control exists",
  ]);
  expect(state({ needsAnchor: true, anchors: 1 })).toBe("no_exceptions");
});
