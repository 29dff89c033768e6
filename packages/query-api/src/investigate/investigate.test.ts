import type { Hit } from "@custody/storage/queries";
import { expect, test } from "vitest";
import { alertOf, alertQuery } from "./alert.ts";
import { chooseCalls } from "./choose-calls.ts";
import { loneFlows } from "./lone-flows.ts";
import { nextSteps } from "./next-steps.ts";
import { rankSessions, sureOf } from "./rank-sessions.ts";

// What is worth reading first, and what is shown beside it: no store, no server.

const at = "2026-11-23T10:00:00.000000000Z";

function time(seconds: number): string {
  const moved = new Date(Date.parse(at) + seconds * 1000).toISOString();
  return `${moved.slice(0, 19)}.000000000Z`;
}

let made = 0;

function hit(members: Partial<Hit> & { readonly second?: number }): Hit {
  const { second = 0, ...given } = members;
  made += 1;
  return {
    clue: "domain",
    how: "same_host",
    id: String(made).padStart(32, "0"),
    ledger: "one",
    leaf: made,
    class: "egress",
    at: time(second),
    session: "s",
    call: null,
    grade: "reported",
    vantage: null,
    subject: "laptop",
    host: "denied.example",
    port: 443,
    action: "denied",
    link: null,
    ...given,
  };
}

function order(hits: readonly Hit[]): readonly string[] {
  return rankSessions(hits, at).map(({ session }) => session);
}

function call(session: string, name: string, second: number, members: Partial<Hit> = {}): Hit {
  return hit({ session, call: name, second, how: "window", clue: "time", ...members });
}

test("a session that carries more of what was asked comes first, however far away it is", () => {
  const near = hit({ session: "near", grade: "observed" });
  const both = [
    hit({ session: "both", second: 600 }),
    hit({ session: "both", clue: "principal", how: "key", second: 600 }),
  ];
  expect(order([near, ...both])).toEqual(["both", "near"]);
});

test("whoever claims everything stands behind what a proxy saw, and before an equal that claims nothing", () => {
  const claims = (["host", "principal"] as const).map((clue) =>
    hit({ session: "loud", clue, how: "claimed" }),
  );
  const hits = [
    hit({ session: "loud" }),
    ...claims,
    hit({ session: "seen", grade: "observed", second: 600 }),
    hit({ session: "plain" }),
  ];
  expect(order(hits)).toEqual(["seen", "loud", "plain"]);
});

test("a flow to the host is worth more than its name in an argument, an observed one more than a reported, then the nearer", () => {
  const hits = [
    hit({ session: "named", how: "arguments", class: "decision", second: 0 }),
    hit({ session: "far", second: -60 }),
    hit({ session: "near", second: 30 }),
    hit({ session: "seen", grade: "observed", second: 500 }),
  ];
  expect(order(hits)).toEqual(["seen", "near", "far", "named"]);
  expect(order(hits.toReversed())).toEqual(["seen", "near", "far", "named"]);
});

test("many records of one kind weigh no more than one", () => {
  const loud = Array.from({ length: 50 }, () => hit({ session: "loud", second: 10 }));
  expect(order([...loud, hit({ session: "quiet", second: 9 })])).toEqual(["quiet", "loud"]);
});

test("a record without a session ranks nobody", () => {
  expect(rankSessions([hit({ session: null })], at)).toEqual([]);
});

test("what only a join of ours put on an action is derived, and a record's own word is its grade", () => {
  const link = { method: "interval", confidence: "low" } as const;
  expect(sureOf([hit({ grade: "observed", link })])).toBe("derived");
  expect(sureOf([hit({ grade: "observed", link }), hit({})])).toBe("reported");
  expect(sureOf([])).toBe("derived");
});

test("calls that match are shown with two on either side, and no call of another session", () => {
  const near = [1, 2, 3, 4, 5, 6, 7].map((second) => call("s", `c${second}`, second));
  const ranked = rankSessions([hit({ call: "c4", second: 4 })], at);
  const { calls, cut } = chooseCalls(ranked, [...near, call("other", "x", 4)], at);
  expect(calls.map(({ call: name, listed }) => [name, listed])).toEqual([
    ["c4", "matched"],
    ["c2", "before"],
    ["c3", "before"],
    ["c5", "after"],
    ["c6", "after"],
  ]);
  expect(cut).toBe(false);
});

test("of a session that matches as a whole, the calls nearest to the moment are shown", () => {
  const near = [-9, -5, -1, 1, 2, 8].map((second) => call("s", `c${second}`, second));
  const ranked = rankSessions([hit({ clue: "principal", how: "key", call: "c8" })], at);
  const { calls } = chooseCalls(ranked, near, at);
  expect(calls.map(({ call: name }) => name).sort()).toEqual(["c-1", "c1", "c2", "c8"].sort());
  expect(new Set(calls.map(({ listed }) => listed))).toEqual(new Set(["nearest"]));
});

test("where room is short, matches of every session come before what stands beside them, and it is said", () => {
  const near = ["a", "b"].flatMap((name) => [1, 2, 3].map((n) => call(name, `c${n}`, n)));
  const ranked = rankSessions(
    [hit({ session: "a", call: "c2", second: 2 }), hit({ session: "b", call: "c2", second: 3 })],
    at,
  );
  const { calls, cut } = chooseCalls(ranked, near, at, 3);
  expect(calls.map(({ session, listed }) => [session, listed])).toEqual([
    ["a", "matched"],
    ["b", "matched"],
    ["a", "before"],
  ]);
  expect(cut).toBe(true);
});

test("a flow is unexplained without a call, and with one that only its time speaks for", () => {
  const link = (confidence: "high" | "low") => ({ method: "m", confidence });
  const weak = hit({ call: "c1", link: link("low"), second: 2 });
  const none = hit({ call: null, second: 1 });
  const flows = [
    hit({ call: "c1", link: link("high") }),
    hit({ call: "c1" }),
    hit({ call: null, class: "sandbox" }),
    weak,
    none,
    weak,
  ];
  expect(loneFlows(flows, at)).toEqual([none, weak]);
});

const query = (given: object) => alertOf(alertQuery.parse(given), at);

test("an alert without a time is about now, a quarter of an hour around it; a domain is folded", () => {
  expect(query({ domain: "Denied.Example." })).toEqual({
    at,
    withinMs: 900_000,
    from: time(-900),
    to: "2026-11-23T10:15:00.001000000Z",
    clues: { domain: "denied.example" },
  });
  const shifted = query({ at: "2026-11-23T11:00:00+01:00", within: "1d" });
  expect(shifted).toMatchObject({ at, withinMs: 86_400_000, clues: {} });
});

test.each([
  { within: "2d" },
  { within: "0m" },
  { within: "15 minutes" },
  { at: "2026-11-23" },
  { at: "1969-12-31T23:59:59Z" },
  { domain: "https://denied.example/" },
  { file: "///" },
  { sesion: "x" },
])("%j is refused", (given) => {
  expect(alertQuery.safeParse(given).success).toBe(false);
});

const empty = { sessions: [], actions: [], unexplained: [], cut: [], carried: [] };

test("where nothing is found, the nearest is named with its distance, and a day without any is said so", () => {
  const alert = query({ domain: "denied.example" });
  const [step] = nextSteps(alert, empty, hit({ id: "ab", second: -7_260 }));
  expect(step?.say).toContain(`nearest is at ${time(-7_260)}, 2h 1m before`);
  expect(step?.path).toBe("/v1/records/ab");
  expect(nextSteps(alert, empty, undefined)[0]?.say).toContain("nor within a day");
});
