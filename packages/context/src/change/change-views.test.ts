import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { linkRecord } from "../../../../test/support/link-record.ts";
import { at, observerAuth, placed } from "../../../../test/support/placed-record.ts";
import { changeViews, type LinkFact } from "../index.ts";
import { countCommits } from "./change-views.ts";
import { isFileOf } from "./committed-path.ts";

const commit = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";

function loose(second: number, over: Partial<Body<"change">>): PlacedRecord {
  const made = placed(
    "change",
    second,
    { event: "commit", repo: "acme/shop", commit, committed_ts: at(10), ...over },
    { auth: observerAuth },
  );
  const { session: _none, ...record } = made.record;
  return { ...made, record };
}

function link(
  change: PlacedRecord,
  session: string,
  method: string,
  confidence: "high" | "medium" | "low",
  basis = 1,
): PlacedRecord {
  const { id, ts } = change.record;
  const body: LinkFact["body"] = { kind: "change_session", record: id, method, confidence, basis };
  const call = confidence === "low" ? {} : { call: "c2" };
  return linkRecord({
    class: "link",
    key: [id, session, method, String(basis)],
    ts,
    session,
    ...call,
    body,
  });
}

const wrote = placed(
  "tool_call",
  5,
  {
    event: "result",
    tool: "apply_patch",
    kind: "fs",
    status: "executed",
    arguments_state: "reported",
    primary: true,
  },
  { call: "c1" },
);
const refused = placed(
  "tool_call",
  6,
  {
    event: "result",
    tool: "write_file",
    kind: "fs",
    status: "denied",
    arguments_state: "reported",
    primary: true,
  },
  { call: "c3" },
);
const contentsOf = (change: PlacedRecord) => [
  {
    record: wrote.record.id,
    path: "arguments",
    text: JSON.stringify({ path: "/srv/shop/src/cart.ts", content: "x" }),
  },
  {
    record: refused.record.id,
    path: "arguments",
    text: JSON.stringify({ path: "/srv/shop/evil.ts", content: "x" }),
  },
  {
    record: change.record.id,
    path: "files",
    text: '[{"path":"src/cart.ts","added":3,"removed":1},{"path":"evil.ts","added":9,"removed":0},{"path":"logo.png"}]',
  },
];

test("a commit is one, with what its merge told later, and each file has the calls that say they wrote it", () => {
  const change = loose(11, { files: 3, added: 12, removed: 1, agents: ["codex"] });
  const merge = loose(60, {
    event: "merge",
    pr: "7",
    reviewers: ["bob"],
    checks_passed: true,
    merged_by: "bob",
  });
  const [view, ...others] = changeViews({
    session: "s1",
    changes: [merge, change],
    links: [link(change, "s1", "trailer", "high"), link(merge, "s1", "trailer", "high")],
    records: [wrote, refused],
    contents: contentsOf(change),
  });
  expect(others).toEqual([]);
  expect(view).toMatchObject({
    commit,
    repo: "acme/shop",
    at: at(10),
    standing: "linked",
    match: { method: "trailer", confidence: "high" },
    call: "c2",
    grade: "observed",
    pr: "7",
    reviewers: ["bob"],
    files: 3,
    attributed: 1,
    unattributed: 2,
    changed: [
      { path: "src/cart.ts", added: 3, removed: 1, calls: ["c1"] },
      // The call that was refused wrote nothing.
      { path: "evil.ts", added: 9, removed: 0, calls: [] },
      { path: "logo.png", added: null, removed: null, calls: [] },
    ],
  });
});

test("a commit shows the request it was reviewed in, and what that made of it stands beside it, counted once", () => {
  const change = loose(11, {});
  const squashed = loose(60, {
    event: "merge",
    commit: "f".repeat(40),
    committed_ts: at(60),
    pr: "7",
    pr_head: commit,
    reviewers: ["bob"],
  });
  const links = [
    link(change, "s1", "trailer", "high"),
    link(squashed, "s1", "pull_request", "high"),
  ];
  const asked = { session: "s1", changes: [change, squashed], links, records: [] };
  const views = changeViews({ ...asked, contents: undefined });
  expect(views.map(({ commit: name, pr, reviewers }) => [name === commit, pr, reviewers])).toEqual([
    [true, "7", ["bob"]],
    [false, "7", ["bob"]],
  ]);
  expect(countCommits(views)).toBe(1);
});

test("a name in a trailer is a claim, whoever the commit turns out to be of, and without content nothing is attributed", () => {
  const change = loose(11, { trailer_sessions: ["victim"] });
  const asked = { changes: [change], records: [], contents: undefined };
  const own = [
    link(change, "victim", "trailer", "low", 1),
    link(change, "s1", "commit_in_output", "medium", 2),
  ];
  expect(changeViews({ ...asked, session: "victim", links: own })).toMatchObject([
    {
      standing: "claimed",
      match: { method: "trailer", confidence: "low" },
      call: null,
      attributed: null,
      unattributed: null,
      changed: null,
    },
  ]);
  expect(changeViews({ ...asked, session: "s1", links: own })).toMatchObject([
    { standing: "linked", match: { method: "commit_in_output" } },
  ]);
  expect(changeViews({ ...asked, session: "s9", links: own })).toEqual([]);
  const there = [link(change, "s1", "repo_and_interval", "low")];
  expect(changeViews({ ...asked, session: "s1", links: there })).toMatchObject([
    { standing: "possible" },
  ]);
});

test.each([
  ["src/cart.ts", "src/cart.ts", undefined, true],
  ["src/cart.ts", "/srv/shop/./src/x/../cart.ts", undefined, true],
  ["src/cart.ts", "C:\\shop\\src\\cart.ts", undefined, true],
  ["src/cart.ts", "cart.ts", "/srv/shop/src", true],
  ["src/cart.ts", "cart.ts", undefined, false],
  ["src/cart.ts", "src/cart.tsx", undefined, false],
  ["cart.ts", "mycart.ts", undefined, false],
])("%s is what %s in %s names: %s", (committed, written, directory, is) => {
  expect(isFileOf(committed, written, directory)).toBe(is);
});
