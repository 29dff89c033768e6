import type { Body } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  at,
  credentials,
  type FixtureRecord,
  type FixtureStore,
  itemListOf,
  type Loose,
  openFixtureStore,
} from "./fixture-store.test-suite.ts";

const listV1 = "e1".repeat(32);
const listV2 = "e2".repeat(32);
const stranger = "e3".repeat(32);

/** Version 1 from 08:00, version 2 from 12:00. */
const policies: readonly FixtureRecord[] = [
  ...version(1, listV1, at("08:00"), [
    { id: "pypi", host: "pypi.org", ports: [443] },
    { id: "npm", host: "*.npm.example", ports: [443, 8443] },
  ]),
  ...version(2, listV2, at("12:00"), [{ id: "pypi", host: "pypi.org", ports: [443] }]),
];

function version(number: number, digest: string, ts: string, rules: unknown): FixtureRecord[] {
  const named = {
    kind: "egress",
    name: "default",
    version: number,
    digest,
    author: "alice",
  } as const;
  const document = { default: "deny", rules };
  const records = [
    { auth: credentials.alice, body: { event: "proposed", ...named, document } },
    { auth: credentials.bob, body: { event: "approved", ...named, approver: "bob" } },
  ] as const;
  return records.map((record) => ({ class: "policy", grade: "observed", ts, ...record }));
}

type Change = Loose<Body<"egress">> & { ts?: string; id?: string };

/** An allowed flow to pypi.org:443 at 10:00, seen by the proxy under version 1. */
function flow(
  session: string | undefined,
  change: Change = {},
  auth = credentials.proxy as FixtureRecord["auth"],
): FixtureRecord {
  const { ts, id, ...body } = change;
  return {
    class: "egress",
    ts: ts ?? at("10:00"),
    ...(session === undefined ? {} : { session }),
    ...(id === undefined ? {} : { id }),
    auth: auth ?? credentials.proxy,
    grade: auth?.kind === "observer" ? "observed" : "reported",
    body: {
      host: "pypi.org",
      port: 443,
      protocol: "https",
      action: "allowed",
      via: auth?.kind === "observer" ? "proxy" : "agent",
      policy_digest: listV1,
      ...body,
    } as Body<"egress">,
  };
}

const said = (session: string, change: Change = {}): FixtureRecord =>
  flow(session, change, credentials.agent);

const cases: readonly [
  says: string,
  records: (session: string) => readonly FixtureRecord[],
  codes: readonly (readonly string[] | undefined)[],
][] = [
  ["the proxy saw it, under the policy in force, to a listed host", (s) => [flow(s)], [[]]],
  [
    "the host is written with capitals and a final dot",
    (s) => [flow(s, { host: "PyPI.org." })],
    [[]],
  ],
  [
    "the host lies one label under a star",
    (s) => [flow(s, { host: "a.npm.example", port: 8443 })],
    [[]],
  ],
  [
    "the host lies two labels under a star",
    (s) => [flow(s, { host: "a.b.npm.example" })],
    [["NET01-HOST"]],
  ],
  [
    "the host is what the star stands on",
    (s) => [flow(s, { host: "npm.example" })],
    [["NET01-HOST"]],
  ],
  ["the host ends like a listed one", (s) => [flow(s, { host: "evilpypi.org" })], [["NET01-HOST"]]],
  ["the port is not listed", (s) => [flow(s, { port: 80 })], [["NET01-HOST"]]],
  ["the cited rule does not let it through", (s) => [flow(s, { rule: "npm" })], [["NET01-HOST"]]],
  ["the cited rule lets it through", (s) => [flow(s, { rule: "pypi" })], [[]]],
  [
    "the cited rule has a name that only the proxy knows",
    (s) => [flow(s, { rule: "acl-7" })],
    [[]],
  ],
  ["no policy is stated", (s) => [flow(s, { policy_digest: undefined })], [["NET01-POLICY"]]],
  [
    "a policy nobody approved was applied",
    (s) => [flow(s, { policy_digest: stranger })],
    [["NET01-POLICY"]],
  ],
  [
    "the policy was applied before its approval",
    (s) => [flow(s, { ts: at("07:59") })],
    [["NET01-POLICY", "NET01-HOST"]],
  ],
  [
    "the policy was applied after the next version",
    (s) => [flow(s, { ts: at("12:00") })],
    [["NET01-POLICY"]],
  ],
  [
    "the next version was applied to what it dropped",
    (s) => [flow(s, { ts: at("12:00"), policy_digest: listV2, host: "a.npm.example" })],
    [["NET01-HOST"]],
  ],
  ["only the agent says so", (s) => [said(s)], [["NET01-NOTPROXIED"]]],
  [
    "an observer says that it heard it from the agent",
    (s) => [flow(s, { via: "agent" })],
    [["NET01-NOTPROXIED"]],
  ],
  ["an agent says that it is a proxy", (s) => [said(s, { via: "proxy" })], [["NET01-NOTPROXIED"]]],
  [
    "agent and proxy say so within a minute",
    (s) => [said(s), flow(s, { ts: at("10:01") })],
    [undefined, []],
  ],
  [
    "agent and proxy say so, more than a minute apart",
    (s) => [said(s), flow(s, { ts: at("10:01:01") })],
    [["NET01-NOTPROXIED"], []],
  ],
  [
    "the proxy saw another port",
    (s) => [said(s), flow(s, { host: "a.npm.example", port: 8443 })],
    [["NET01-NOTPROXIED"], []],
  ],
  [
    "the proxy's flow was linked to the session later",
    (s) => [said(s), flow(undefined, { id: "91".repeat(16) }), link("91".repeat(16), s)],
    [undefined, []],
  ],
  ["it was denied", (s) => [flow(s, { action: "denied", host: "evil.example" })], [undefined]],
  [
    "two claims under one id disagree",
    (s) => [flow(s, { id: "92".repeat(16) }), flow(s, { id: "92".repeat(16), ts: at("10:02") })],
    [["NET01-CONTESTED"], ["NET01-CONTESTED"]],
  ],
  [
    "the ledger recorded a conflict about it",
    (s) => [flow(s, { id: "93".repeat(16) }), conflict("93".repeat(16))],
    [["NET01-CONTESTED"]],
  ],
  ["it lies in another period", (s) => [flow(s, { ts: at("00:00", "2026-11-03") })], [undefined]],
];

function link(record: string, session: string): FixtureRecord {
  const body = {
    kind: "egress_call",
    record,
    method: "window",
    confidence: "high",
    basis: 1,
  } as const;
  return { class: "link", ts: at("10:05"), session, auth: credentials.own, grade: "derived", body };
}

function conflict(record: string): FixtureRecord {
  const body = { kind: "conflict", detail: { record } } as const;
  return { class: "integrity", ts: at("10:05"), auth: credentials.own, grade: "derived", body };
}

let store: FixtureStore;
beforeAll(() => {
  store = openFixtureStore();
});
afterAll(() => store.close());

test("every exception of AT-NET-01 is found, and no near miss is taken for one", async () => {
  const found: unknown[] = [];
  const placed: FixtureRecord[] = [...policies];
  const wanted = cases.map(([says, records, codes], number) => {
    const own = records(`s${number}`);
    const leaves = own.flatMap((record, at) =>
      record.class === "egress" ? [placed.length + at] : [],
    );
    placed.push(...own);
    return { says, codes, leaves };
  });
  const items = new Map(
    (await itemListOf(store, "AT-NET-01", placed)).map((item) => [item.place?.leaf, item]),
  );
  for (const { says, leaves } of wanted) {
    const judged = leaves.map((leaf) => items.get(leaf));
    found.push([says, judged.map((item) => (item?.inScope === true ? item.codes : undefined))]);
  }
  expect(found).toEqual(wanted.map(({ says, codes }) => [says, codes]));
});
