import type { AgentsAnswer } from "@custody/query-api";
import { expect, test } from "vitest";
import { diagnoseCrossChecks } from "./cross-check.ts";

const check = {
  measure: "input_tokens",
  metric: "codex.turn.token_usage",
  temporality: "delta",
  records: 5,
  metrics: 9,
  agrees: false,
  why: "The metrics count 4 more than the records tell.",
} as const;

const answer = (...checks: AgentsAnswer["items"][number]["cross_check"]): AgentsAnswer => ({
  items: [
    {
      name: "codex",
      version: "0.169.0",
      sessions: 1,
      last_started_at: "2026-11-23T08:00:00.000000000Z",
      dialects: ["codex"],
      facts: [],
      drift: [],
      cross_check: checks,
    },
  ],
  next: null,
  looked_at: { sessions: 1, sessions_max: 100, all: true },
});

test("an agent whose metrics disagree with its records is named, with both numbers", () => {
  expect(diagnoseCrossChecks(answer(check))).toEqual([
    {
      check: "metrics of codex 0.169.0",
      verdict: "note",
      said: "input_tokens 5 in records, 9 in metrics: The metrics count 4 more than the records tell.",
    },
  ]);
});

test("one that agrees, or cannot be compared yet, is not", () => {
  const unknown = { ...check, agrees: null };
  expect(diagnoseCrossChecks(answer({ ...check, agrees: true }, unknown))).toEqual([]);
  expect(diagnoseCrossChecks(undefined)).toEqual([]);
});
