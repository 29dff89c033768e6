import { expect, test } from "vitest";
import { documentDiff } from "./document-diff.ts";

const printed = (before: unknown, after: unknown): readonly string[] =>
  documentDiff(before, after).map(({ sign, path, value }) => `${sign} ${path}: ${value}`);

test("a member that changed stands twice, and one that moved within its list not at all", () => {
  const rule = (id: string, host: string) => ({ id, host, ports: [443] });
  const before = { default: "deny", rules: [rule("a", "a.example"), rule("b", "b.example")] };
  const after = { default: "deny", rules: [rule("b", "b.example"), rule("a", "c.example")] };
  expect(printed(before, after)).toEqual([
    '- rules[a].host: "a.example"',
    '+ rules[a].host: "c.example"',
  ]);
  expect(printed(before, { ...before, rules: before.rules.toReversed() })).toEqual([]);
});

test("entries that go by one name are each compared: two waivers of one control are two", () => {
  const waiver = (reason: string) => ({ control: "AT-APR-01", reason });
  const two = { waivers: [waiver("the old build"), waiver("a trial")] };
  expect(printed(two, { waivers: [waiver("anything"), waiver("a trial")] })).toEqual([
    '- waivers[AT-APR-01].reason: "the old build"',
    '+ waivers[AT-APR-01].reason: "anything"',
  ]);
  expect(printed(two, { waivers: [waiver("a trial")] })).toContain(
    '- waivers[AT-APR-01 (2)].reason: "a trial"',
  );
});

test("what is empty differs from what is not there, a number from its text, and nothing from anything", () => {
  expect(printed({ default: "deny", rules: [], about: {} }, { default: "deny" })).toEqual([
    "- about: {}",
    "- rules: []",
  ]);
  expect(printed({ ports: [443] }, { ports: ["443"] })).toEqual([
    "- ports: [443]",
    '+ ports: ["443"]',
  ]);
  expect(printed({ rules: [null] }, { rules: [{ id: "a" }] })).toEqual([
    "- rules: [null]",
    '+ rules[a].id: "a"',
  ]);
  expect(printed({ rules: [null, { id: "a" }] }, { rules: [{ id: "a" }] })).toEqual([
    "- rules[0]: null",
  ]);
});
