import type { Bodies, PlacedRecord } from "@custody/model";
import { describe, expect, test } from "vitest";
import { foundInDay } from "../../../test/detections/replay.ts";
import { agentAuth, observerAuth, placed } from "../../../test/support/placed-record.ts";

type Change = Bodies["change"];

const commit = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
const about = `acme/shop@${commit}`;

/** A merge into a protected branch of work that an agent signed, reviewed by a person. */
const good: Change = {
  event: "merge",
  repo: "acme/shop",
  commit,
  protected: true,
  branch: "main",
  pr: "7",
  agents: ["claude-code"],
  trailer_sessions: ["s1"],
  reviewers: ["usr_bob"],
  checks_passed: true,
  merged_by: "usr_bob",
  merged_ts: "2026-11-23T07:28:09.000000000Z",
};

function change(over: Partial<Change> = {}, second = 9): PlacedRecord {
  const { reviewers, ...rest } = { ...good, ...over };
  return placed(
    "change",
    second,
    { ...rest, ...(reviewers === undefined ? {} : { reviewers }) },
    { auth: observerAuth },
  );
}

/** `undefined` takes a member away. */
function without(...names: readonly (keyof Change)[]): PlacedRecord {
  const body = Object.fromEntries(
    Object.entries(good).filter(([name]) => !names.includes(name as keyof Change)),
  ) as unknown as Change;
  return placed("change", 9, body, { auth: observerAuth });
}

const session = placed(
  "session",
  1,
  { event: "start" },
  { auth: { ...agentAuth, subject: "usr_bob" }, actor: { id: "usr_bob", type: "service" } },
);
const find = (...records: readonly PlacedRecord[]): readonly string[] =>
  foundInDay("D-VCS-01", { records });

describe("D-VCS-01 unreviewed change of an agent", () => {
  test("work of an agent that was merged without a person's review, or with only its own principal's", () => {
    expect(find(change({ reviewers: [] }))).toEqual([`unreviewed high ${about}`]);
    expect(find(change({ reviewers: [], other_reviewers: ["review-bot"] }))).toEqual([
      `unreviewed high ${about}`,
    ]);
    expect(find(change(), session)).toEqual([`self high ${about}`]);
  });

  test("where no observer tells of a review, the finding rests on that absence and weighs less", () => {
    expect(find(without("reviewers"))).toEqual([`unsaid medium ${about}`]);
    expect(find(without("reviewers", "pr"))).toEqual([`unsaid medium ${about}`]);
  });

  test("required checks that did not pass, and history that was moved", () => {
    expect(find(change({ checks_passed: false }))).toEqual([`checks high ${about}`]);
    expect(find(change({ rewritten: true }))).toEqual([`rewritten high ${about}`]);
    // What one observer saw fail is not cleared by what another says later.
    expect(find(change({ checks_passed: false }), change({}, 20))).toEqual([
      `checks high ${about}`,
    ]);
  });

  test.each([
    ["an author's address", { author_kind: "agent" as const }],
    ["an attribution's session", { trace_sessions: ["s1"] }],
  ])("an agent is also known by %s", (_name, over) => {
    const quiet = { ...over, reviewers: [] };
    const { agents, trailer_sessions, ...rest } = good;
    expect(find(placed("change", 9, { ...rest, ...quiet }, { auth: observerAuth }))).toEqual([
      `unreviewed high ${about}`,
    ]);
  });

  test("an attribution that came apart from its commit counts for it", () => {
    const { agents, trailer_sessions, ...rest } = good;
    const merged = placed("change", 9, { ...rest, reviewers: [] }, { auth: observerAuth });
    const trace = placed(
      "change",
      8,
      { event: "trace", commit, author_kind: "agent" },
      { auth: observerAuth },
    );
    expect(find(merged, trace)).toEqual([`unreviewed high ${about}`]);
    expect(find(merged)).toEqual([]);
  });

  test("near misses: reviewed by another, a person's own work, another branch, a commit that is not merged", () => {
    expect(find(change())).toEqual([]);
    expect(find(change({ reviewers: ["usr_bob", "usr_carol"] }), session)).toEqual([]);
    expect(find(change({ reviewers: [], protected: false }))).toEqual([]);
    expect(find(without("agents", "trailer_sessions", "reviewers"))).toEqual([]);
    expect(find(without("merged_by", "merged_ts", "reviewers"))).toEqual([]);
    // A session of that name under another key is no principal of this review.
    expect(find(change(), placed("session", 1, { event: "start" }))).toEqual([]);
  });

  test("said twice and in any order it is one finding", () => {
    const records = [
      change({ reviewers: [] }),
      change({ reviewers: [] }),
      change({ reviewers: [], pr: "8" }, 30),
    ];
    expect(find(...records)).toEqual([`unreviewed high ${about}`]);
    expect(find(...records.toReversed())).toEqual([`unreviewed high ${about}`]);
  });
});
