import { describe, expect, test } from "vitest";
import { found } from "../../../test/detections/replay.ts";

const unread = (call: string, from: number, more: object = {}) => ({
  call,
  from,
  tier: 2 as const,
  unread: true as const,
  ...more,
});
const bySetting = { approvals: [{ second: 0, by: "policy" as const }] };
const byPerson = { approvals: [{ second: 0 }] };

describe("of calls whose arguments were withheld", () => {
  test("a missing decision is said once of the session, however many there are", () => {
    const calls = [unread("c1", 10), unread("c2", 20), unread("c3", 30)];
    expect(found("D-APR-02", { calls })).toEqual(["unread low"]);
    expect(found("D-APR-02", { calls, approvalsTold: false })).toEqual(["unread low"]);
  });

  test("a yes of somebody who may not is said once as well", () => {
    const calls = [unread("c1", 10, bySetting), unread("c2", 20, bySetting)];
    expect(found("D-APR-03", { calls })).toEqual(["unread low"]);
  });

  test("nothing is said where a person's yes stands, or where nothing ran", () => {
    const calls = [unread("c1", 10, byPerson), unread("c2", 20, { status: "blocked" })];
    expect(found("D-APR-02", { calls })).toEqual([]);
    expect(found("D-APR-03", { calls })).toEqual([]);
  });

  test("a call that was read stands beside them under its own case", () => {
    const calls = [unread("c1", 10), { call: "c2", from: 20, tier: 2 as const }];
    expect(found("D-APR-02", { calls })).toEqual(["unread low", "t2 high c2"]);
  });
});
