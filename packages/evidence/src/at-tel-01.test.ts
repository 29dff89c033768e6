import type { Body } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  at,
  credentials,
  type FixtureRecord,
  type FixtureStore,
  itemsOf,
  openFixtureStore,
} from "./fixture-store.test-suite.ts";

function own(
  kind: Body<"integrity">["kind"],
  detail: Readonly<Record<string, unknown>>,
  ts = at("12:00"),
  auth: FixtureRecord["auth"] = credentials.own,
): FixtureRecord {
  return {
    class: "integrity",
    ts,
    auth,
    grade: "derived",
    body: { kind, detail },
  };
}

const gap = (epoch: string, status?: string, change: object = {}): Record<string, unknown> => ({
  source: "src_1",
  epoch,
  from: "4",
  to: "6",
  class: "tool_call",
  ...(status === undefined ? {} : { status }),
  ...change,
});

function session(name: string, event: Body<"session">["event"], ts: string): FixtureRecord {
  return { class: "session", ts, session: name, body: { event } };
}

function call(name: string, ts: string): FixtureRecord {
  const body = { event: "result", tool: "read", kind: "fs", status: "executed" } as const;
  return {
    class: "tool_call",
    ts,
    session: name,
    call: "c1",
    body: { ...body, arguments_state: "reported", primary: true },
  };
}

function beat(epoch: string, dropped: number): FixtureRecord {
  return {
    class: "heartbeat",
    ts: at("12:00"),
    src: { id: "src_1", epoch },
    body: { last_seq: 9, dropped },
  };
}

let store: FixtureStore;
beforeAll(() => {
  store = openFixtureStore();
});
afterAll(() => store.close());

test("every exception of AT-TEL-01 is found, and no near miss is taken for one", async () => {
  const items = await itemsOf(store, "AT-TEL-01", [
    own("gap", gap("open", "open")),
    own("gap", gap("unsaid")),
    own("gap", gap("closed", "open")),
    own("gap", gap("closed", "closed"), at("13:00")),
    own("gap", gap("reopened", "closed")),
    own("gap", gap("reopened", "open"), at("13:00")),
    own("gap", gap("other", "open", { class: "heartbeat" })),
    own("gap", gap("claimed", "open"), at("12:00"), credentials.agent),
    own("gap", gap("later", "open"), at("00:00", "2026-11-03")),
    own("gap", { kind: "downtime", from: at("03:00"), to: at("03:05") }),
    own("gap", {
      kind: "downtime",
      from: at("03:00", "2026-11-01"),
      to: at("03:05", "2026-11-01"),
    }),
    own("recon", { recon: "R1", day: "2026-11-02", residual: 0 }),
    own("recon", { recon: "R2", day: "2026-11-02", residual: 3 }),
    own("recon", { recon: "R3", day: "2026-11-02" }),
    session("ended", "start", at("10:00")),
    session("ended", "end", at("11:00")),
    session("cut", "start", at("10:00")),
    session("seen", "seen", at("10:00")),
    session("resumed", "start", at("10:00")),
    session("resumed", "end", at("11:00")),
    call("resumed", at("12:00")),
    session("open", "start", at("10:00")),
    call("open", at("23:30", "2026-11-03")),
    session("before", "start", at("23:00", "2026-11-01")),
    call("silent", at("10:00")),
    beat("clean", 0),
    beat("lossy", 0),
    beat("lossy", 2),
  ]);
  const found = [...items.values()]
    .filter(({ inScope }) => inScope)
    .map(({ item, codes }) => [item, ...codes])
    .sort();
  expect(found).toEqual(
    [
      ["src_1/open/4-6", "TEL01-GAP"],
      ["src_1/unsaid/4-6", "TEL01-GAP"],
      ["src_1/closed/4-6"],
      ["src_1/reopened/4-6", "TEL01-GAP"],
      [`${at("03:00")}/${at("03:05")}`, "TEL01-DOWNTIME"],
      ["R1/2026-11-02"],
      ["R2/2026-11-02", "TEL01-RESIDUAL"],
      ["R3/2026-11-02", "TEL01-RESIDUAL"],
      ["ended"],
      ["resumed"],
      ["cut", "TEL01-UNCLEAN"],
      ["seen", "TEL01-UNCLEAN"],
      ["silent", "TEL01-NOSESSION"],
      ["src_1/clean"],
      ["src_1/lossy", "TEL01-DROPPED"],
    ].sort(),
  );
});
