import type { Body } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  at,
  credentials,
  type FixtureRecord,
  type FixtureStore,
  itemsOf,
  type Loose,
  openFixtureStore,
} from "./fixture-store.test-suite.ts";

const approved = "a1".repeat(32);
const listed = "a2".repeat(32);
const unknown = "a3".repeat(32);

/** A profile, proposed by alice and approved by bob at 08:00; it lists two configurations. */
const policies: readonly FixtureRecord[] = [
  policy("strict", "alice", "bob", approved, at("08:00")),
  policy("loose", "alice", "alice", unknown, at("08:00")),
].flat();

function profiles(name: string, digest: string): { name: string; config_digest: string }[] {
  return [digest, listed].map((config_digest) => ({ name, config_digest }));
}

function policy(
  name: string,
  author: "alice" | "bob",
  approver: "alice" | "bob",
  digest: string,
  ts: string,
  change: Partial<Body<"policy">> = {},
): FixtureRecord[] {
  const version = { kind: "sandbox", name, version: 1, digest, author } as const;
  return [
    {
      class: "policy",
      ts: at("07:00"),
      auth: credentials[author],
      grade: "observed",
      body: {
        event: "proposed",
        ...version,
        document: { profiles: profiles(name, digest) },
        ...change,
      },
    },
    {
      class: "policy",
      ts,
      auth: credentials[approver],
      grade: "observed",
      body: { event: "approved", ...version, approver },
    },
  ];
}

function start(session: string, time = at("10:00")): FixtureRecord {
  return { class: "session", ts: time, session, body: { event: "start" } };
}

function attest(
  session: string | undefined,
  change: Loose<Body<"sandbox">> & { ts?: string; rx?: string; id?: string } = {},
  auth: FixtureRecord["auth"] = credentials.runtime,
): FixtureRecord {
  const { ts, rx, id, ...body } = change;
  return {
    class: "sandbox",
    ts: ts ?? at("10:00:01"),
    rx: rx ?? ts ?? at("10:00:01"),
    ...(session === undefined ? {} : { session }),
    ...(id === undefined ? {} : { id }),
    auth,
    grade: auth.kind === "observer" ? "observed" : "reported",
    body: {
      event: "start",
      profile: "strict",
      config_digest: approved,
      attested_by: "runtime",
      escapes_allowed: false,
      ...body,
    } as Body<"sandbox">,
  };
}

const cases: readonly [
  says: string,
  records: (session: string) => readonly FixtureRecord[],
  codes: readonly string[] | undefined,
][] = [
  ["its runtime attested an approved profile", (s) => [start(s), attest(s)], []],
  [
    "its runtime attested a configuration that the profile lists",
    (s) => [start(s), attest(s, { config_digest: listed })],
    [],
  ],
  ["nobody attested anything", (s) => [start(s)], ["SBX01-NOATTEST"]],
  [
    "the agent attested itself",
    (s) => [start(s), attest(s, {}, credentials.agent)],
    ["SBX01-NOATTEST"],
  ],
  [
    "an observer passed on what the agent said",
    (s) => [start(s), attest(s, { attested_by: "agent" })],
    ["SBX01-NOATTEST"],
  ],
  [
    "only a violation was observed",
    (s) => [start(s), attest(s, { event: "violation" })],
    ["SBX01-NOATTEST"],
  ],
  [
    "the attestation came after the quarter of an hour",
    (s) => [start(s), attest(s, { ts: at("10:15:01") })],
    ["SBX01-LATE"],
  ],
  [
    "the attestation came as the quarter of an hour ended",
    (s) => [start(s), attest(s, { ts: at("10:15:00") })],
    [],
  ],
  [
    "the attestation came before the session",
    (s) => [attest(s, { ts: at("09:50") }), start(s)],
    [],
  ],
  [
    "its configuration was never approved",
    (s) => [start(s), attest(s, { config_digest: unknown })],
    ["SBX01-PROFILE"],
  ],
  [
    "its configuration was approved under another profile's name",
    (s) => [start(s), attest(s, { profile: "other" })],
    ["SBX01-PROFILE"],
  ],
  [
    "its profile was approved by its own author",
    (s) => [start(s), attest(s, { profile: "loose", config_digest: unknown })],
    ["SBX01-PROFILE"],
  ],
  [
    "its configuration is not stated",
    (s) => [start(s), attest(s, { config_digest: undefined })],
    ["SBX01-PROFILE"],
  ],
  [
    "it ran before the profile was approved",
    (s) => [start(s, at("07:30")), attest(s, { ts: at("07:30:01") })],
    ["SBX01-PROFILE"],
  ],
  [
    "its configuration changed into an unapproved one",
    (s) => [
      start(s),
      attest(s),
      attest(s, { event: "change", config_digest: unknown, ts: at("10:30") }),
    ],
    ["SBX01-PROFILE"],
  ],
  [
    "escapes were allowed",
    (s) => [start(s), attest(s, { escapes_allowed: true })],
    ["SBX01-ESCAPE"],
  ],
  [
    "nothing says whether escapes were allowed",
    (s) => [start(s), attest(s, { escapes_allowed: undefined })],
    ["SBX01-ESCAPE"],
  ],
  [
    "the agent itself reported an escape",
    (s) => [
      start(s),
      attest(s),
      attest(s, { event: "outcome", outcome: "escalated" }, credentials.agent),
    ],
    ["SBX01-ESCAPE"],
  ],
  [
    "a call was stopped by the sandbox",
    (s) => [
      start(s),
      attest(s),
      attest(s, { event: "outcome", outcome: "denied" }, credentials.agent),
    ],
    [],
  ],
  [
    "two claims under one id disagree about its sandbox",
    (s) => [
      start(s),
      attest(s, { id: "5a".repeat(16) }),
      attest(s, { id: "5a".repeat(16), ts: at("10:00:02") }),
    ],
    ["SBX01-CONTESTED"],
  ],
  [
    "its sandbox was linked to it later",
    (s) => [
      start(s),
      attest(undefined, { id: "5b".repeat(16) }),
      link("5b".repeat(16), s, 1),
      link("5b".repeat(16), "elsewhere", 1, "ff"),
    ],
    [],
  ],
  [
    "a link with a larger basis gives its sandbox to another session",
    (s) => [
      start(s),
      attest(undefined, { id: "5c".repeat(16) }),
      link("5c".repeat(16), s, 1),
      link("5c".repeat(16), "elsewhere", 2, "ff"),
    ],
    ["SBX01-NOATTEST"],
  ],
  ["it began in another period", (s) => [start(s, at("23:59", "2026-11-01"))], undefined],
];

function link(record: string, session: string, basis: number, id = "00"): FixtureRecord {
  return {
    class: "link",
    ts: at("10:01"),
    session,
    id: id.repeat(16),
    auth: credentials.own,
    grade: "derived",
    body: { kind: "sandbox_session", record, method: "runtime_id", confidence: "high", basis },
  };
}

let store: FixtureStore;
beforeAll(() => {
  store = openFixtureStore();
});
afterAll(() => store.close());

test("every exception of AT-SBX-01 is found, and no near miss is taken for one", async () => {
  const records = [
    ...policies,
    ...cases.flatMap(([, records], number) => records(`s${number}`)),
  ].sort((a, b) => ((a.rx ?? a.ts) < (b.rx ?? b.ts) ? -1 : 1));
  const items = await itemsOf(store, "AT-SBX-01", records);
  const found = cases.map(([says], number) => {
    const item = items.get(`s${number}`);
    return [says, item?.inScope === true ? item.codes : undefined];
  });
  expect(found).toEqual(cases.map(([says, , codes]) => [says, codes]));
});

test("a policy is in force from the later of its stated start and the receipt of its approval, until its end or the next version", async () => {
  const records = [
    ...policy("strict", "alice", "bob", approved, at("08:00"), { effective_from: at("09:00") }),
    ...policy("short", "alice", "bob", approved, at("08:00"), { effective_to: at("09:30") }),
    ...policy("next", "alice", "bob", approved, at("08:00")),
    ...policy("next", "alice", "bob", unknown, at("09:30"), { version: 2 }).map(
      (record): FixtureRecord => ({
        ...record,
        body: { ...(record.body as Body<"policy">), version: 2 },
      }),
    ),
    ...["08:59", "09:00", "09:29", "09:30"].flatMap((time) =>
      ["strict", "short", "next"].flatMap((profile) => [
        start(`${profile} ${time}`, at(time)),
        attest(`${profile} ${time}`, { profile, ts: at(time) }),
      ]),
    ),
  ].sort((a, b) => ((a.rx ?? a.ts) < (b.rx ?? b.ts) ? -1 : 1));
  const items = await itemsOf(store, "AT-SBX-01", records);
  const clean = [...items.values()].filter(({ codes }) => codes.length === 0);
  expect(clean.map(({ item }) => item).sort()).toEqual([
    "next 08:59",
    "next 09:00",
    "next 09:29",
    "short 08:59",
    "short 09:00",
    "short 09:29",
    "strict 09:00",
    "strict 09:29",
    "strict 09:30",
  ]);
});
