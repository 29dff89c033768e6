import type { Body, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linkRecord } from "../../../../test/support/link-record.ts";
import { agentAuth, at, observerAuth, placed } from "../../../../test/support/placed-record.ts";
import { type ChangeInput, joinChanges, newLinks, winningLinkOf } from "../index.ts";

// A commit made at second 10, as version control shows it, against what agents tell of their calls.

const commit = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
const other = "ffffffffffffffffffffffffffffffffffffffff";

const change = (over: Partial<Body<"change">> = {}): PlacedRecord => {
  const { record, ...place } = placed(
    "change",
    20,
    { event: "commit", repo: "acme/shop", commit, committed_ts: at(10), ...over },
    { auth: observerAuth },
  );
  const { session: _none, ...loose } = record;
  return { ...place, record: loose };
};

interface Made {
  readonly session?: string;
  readonly command?: string;
  readonly output?: string;
  readonly second?: number;
}

interface Told {
  readonly records: readonly PlacedRecord[];
  readonly texts: ChangeInput["texts"];
}

/** A call that ended at a second and took one. */
function made(call: string, { session = "s1", second = 10.5, ...text }: Made = {}): Told {
  const { command = "git commit -m x", output } = text;
  const one = placed(
    "tool_call",
    second,
    {
      event: "result",
      tool: "exec_command",
      kind: "exec",
      status: "executed",
      arguments_state: "reported",
      primary: true,
      exec_start: at(second - 1),
    },
    { call, session },
  );
  const opened = (path: string, value: string) => ({ record: one.record.id, path, text: value });
  return {
    records: [one],
    texts: [
      opened("arguments", JSON.stringify({ cmd: command })),
      ...(output === undefined ? [] : [opened("output", output)]),
    ],
  };
}

const session = (name: string, over: Partial<ChangeInput["sessions"][number]> = {}) => ({
  session: name,
  repo: null,
  from: at(0),
  to: at(60),
  tellers: [agentAuth.subject],
  ...over,
});

interface Scene {
  readonly changes?: readonly PlacedRecord[];
  readonly sessions?: ChangeInput["sessions"];
  readonly calls?: readonly Told[];
}

function inputOf({ changes = [change()], sessions = [session("s1")], calls = [] }: Scene) {
  return {
    changes,
    sessions,
    records: calls.flatMap(({ records }) => records),
    texts: calls.flatMap(({ texts }) => texts),
  };
}

const join = (scene: Scene) =>
  joinChanges(inputOf(scene)).map(({ session: name, call, body }) => [
    name,
    call ?? null,
    body.method,
    body.confidence,
  ]);

const answer = `[main ${commit.slice(0, 7)}] Fix the cart\n 1 file changed`;

test("a trailer is sure where the session's own agent tells of the call that made this very commit", () => {
  const changes = [change({ trailer_sessions: ["s1"] })];
  expect(join({ changes, calls: [made("c1", { output: answer })] })).toEqual([
    ["s1", "c1", "trailer", "high"],
  ]);
});

test("a trailer alone is a claim: low, and of no call, whatever else the session did", () => {
  const changes = [change({ trailer_sessions: ["s1"] })];
  const claim = [["s1", null, "trailer", "low"]];
  expect(join({ changes })).toEqual(claim);
  expect(join({ changes, calls: [made("c1", { command: "git status" })] })).toEqual(claim);
  expect(join({ changes, calls: [made("c1", { second: 300 })] })).toEqual(claim);
  const otherAnswer = `[main ${other.slice(0, 7)}] Something else`;
  expect(join({ changes, calls: [made("c1", { output: otherAnswer })] })).toEqual(claim);
  expect(join({ changes, sessions: [session("s1", { repo: "acme/shop" })] })).toEqual(claim);
});

test("a trailer and a quiet commit at that moment are medium, two such calls name none", () => {
  const changes = [change({ trailer_sessions: ["s1"] })];
  expect(join({ changes, calls: [made("c1")] })).toEqual([["s1", "c1", "trailer", "medium"]]);
  expect(join({ changes, calls: [made("c1"), made("c2", { second: 11 })] })).toEqual([
    ["s1", null, "trailer", "low"],
  ]);
});

test("a session that works in another repository did not commit here at that moment", () => {
  const changes = [change({ trailer_sessions: ["s1"] })];
  const sessions = [session("s1", { repo: "acme/other" })];
  expect(join({ changes, sessions, calls: [made("c1")] })).toEqual([
    ["s1", null, "trailer", "low"],
  ]);
});

test("what a pull request made of a commit is of that commit's session, whatever its message says", () => {
  const merged = { event: "merge" as const, commit: other, pr: "7", pr_head: commit };
  const changes = [change(), change({ ...merged, trailer_sessions: ["victim"] })];
  const sessions = [session("s1"), session("victim")];
  const calls = [made("c1", { output: answer })];
  expect(join({ changes, sessions, calls })).toEqual([
    ["s1", "c1", "commit_in_output", "medium"],
    ["s1", null, "pull_request", "medium"],
  ]);
  expect(join({ changes, sessions })).toEqual([
    ["", null, "undecided", "low"],
    ["victim", null, "trailer", "low"],
  ]);
});

test("a forged trailer yields to the session whose agent tells of the commit", () => {
  const changes = [change({ trailer_sessions: ["victim"] })];
  const sessions = [session("victim"), session("s1")];
  const calls = [made("c1", { output: answer }), made("c9", { session: "victim", command: "ls" })];
  expect(join({ changes, sessions, calls })).toEqual([["s1", "c1", "commit_in_output", "medium"]]);
});

test("under two agents' keys a session's calls speak for nothing", () => {
  const changes = [change({ trailer_sessions: ["s1"] })];
  const sessions = [session("s1", { tellers: ["laptop-1", "laptop-2"] })];
  expect(join({ changes, sessions, calls: [made("c1", { output: answer })] })).toEqual([
    ["s1", null, "trailer", "low"],
  ]);
});

test("an output that only reads of a commit did not make it", () => {
  const log = made("c1", { command: "git log -3", output: answer });
  expect(join({ calls: [log] })).toEqual([["", null, "undecided", "low"]]);
  const whole = made("c1", {
    command: "git -C shop commit -q -m x; git rev-parse HEAD",
    output: `${commit}\n`,
  });
  expect(join({ calls: [whole] })).toEqual([["s1", "c1", "commit_in_output", "medium"]]);
});

test("two sessions that tell of one commit are none, unless it names one of them", () => {
  const sessions = [session("s1"), session("s2")];
  const calls = [made("c1", { output: answer }), made("c2", { session: "s2", output: answer })];
  expect(join({ sessions, calls })).toEqual([["", null, "undecided", "low"]]);
  const changes = [change({ trailer_sessions: ["s2"] })];
  expect(join({ changes, sessions, calls })).toEqual([["s2", "c2", "trailer", "medium"]]);
});

test("an attribution speaks for every record of its commit", () => {
  const changes = [change(), change({ event: "trace", trace_sessions: ["s1"] })];
  expect(join({ changes, calls: [made("c1", { output: answer })] })).toEqual([
    ["s1", "c1", "agent_trace", "high"],
    ["s1", "c1", "agent_trace", "high"],
  ]);
});

test("the repository and the time are the weakest word, and of two sessions there neither is meant", () => {
  const there = session("s1", { repo: "acme/shop" });
  expect(join({ sessions: [there] })).toEqual([["s1", null, "repo_and_interval", "low"]]);
  expect(join({ sessions: [there, { ...there, session: "s2" }] })).toEqual([
    ["", null, "undecided", "low"],
  ]);
  expect(join({ sessions: [session("s1", { repo: "acme/shop", to: at(5) })] })).toEqual([
    ["", null, "undecided", "low"],
  ]);
});

test("whatever is known first, and looked at in between, the same link counts at last", () => {
  const changes = [
    change({ trailer_sessions: ["victim"] }),
    change({ event: "merge", pr: "7" }),
    change({
      event: "merge",
      pr: "7",
      commit: other,
      pr_head: commit,
      trailer_sessions: ["victim"],
    }),
  ];
  const sessions = [session("victim", { repo: "acme/shop" }), session("s1")];
  const calls = [made("c1", { output: answer }), made("c9", { session: "victim" })];
  const steps = [
    ...changes.map((one): Partial<ChangeInput> => ({ changes: [one] })),
    ...sessions.map((one): Partial<ChangeInput> => ({ sessions: [one] })),
    ...calls,
  ];
  const run = (order: readonly Partial<ChangeInput>[]): readonly (readonly unknown[])[] => {
    const links: PlacedRecord[] = [];
    for (let count = 1; count <= order.length; count++) {
      const known = order.slice(0, count);
      const input: ChangeInput = {
        changes: known.flatMap((one) => one.changes ?? []),
        sessions: known.flatMap((one) => one.sessions ?? []),
        records: known.flatMap((one) => one.records ?? []),
        texts: known.flatMap((one) => one.texts ?? []),
      };
      links.push(...newLinks(joinChanges(input), winningLinkOf(links)).map(linkRecord));
    }
    return [...winningLinkOf(links)]
      .map(([record, { session: name, call, body }]) => [
        record,
        name,
        call,
        body.method,
        body.confidence,
      ])
      .sort();
  };
  const expected = run(steps);
  expect(expected.map(([, ...rest]) => rest).sort()).toEqual([
    ["s1", undefined, "pull_request", "medium"],
    ["s1", "c1", "commit_in_output", "medium"],
    ["s1", "c1", "commit_in_output", "medium"],
  ]);
  fc.assert(
    fc.property(fc.shuffledSubarray(steps, { minLength: steps.length }), (order) => {
      expect(run(order)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
