import type { Body, LedgerRecord, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { at, internalAuth, observerAuth, placed } from "../../../test/support/placed-record.ts";
import {
  joinSandboxes,
  joinViolations,
  type LinkFact,
  newLinks,
  placementBy,
  sandboxName,
  winningLinkOf,
} from "./index.ts";

const box = "4f6d8c1a2b3e".padEnd(64, "0");

function attested(
  second: number,
  body: Partial<Body<"sandbox">> = {},
  over: Parameters<typeof placed>[3] = {},
): PlacedRecord {
  const whole = { event: "start", sandbox: box, attested_by: "runtime", ...body } as const;
  return placed("sandbox", second, whole, {
    auth: observerAuth,
    ...("session" in over ? {} : { session: undefined as never }),
    ...over,
  });
}

function flow(
  second: number,
  body: Partial<Body<"egress">> = {},
  over: Parameters<typeof placed>[3] = {},
): PlacedRecord {
  const whole = {
    host: "api.example",
    port: 443,
    protocol: "https",
    action: "allowed",
    via: "proxy",
    ...body,
  } as const;
  return placed("egress", second, whole, { auth: observerAuth, ...over });
}

const said = (links: readonly LinkFact[]) =>
  links.map(({ session, body }) => [session, body.method, body.confidence]);

function linkRecord(fact: LinkFact): PlacedRecord {
  const { session, call, ts, body } = fact;
  const over = { auth: internalAuth, session, ts, ...(call === undefined ? {} : { call }) };
  return placed("link", 0, body, over);
}

test("what a runtime's label names has the whole sandbox, its stop and its violations too", () => {
  const start = attested(1, {}, { session: "s1" });
  const stop = attested(9, { event: "stop" });
  const links = joinSandboxes({ records: [start, stop] });
  expect(said(links)).toEqual([["s1", "named", "high"]]);
  expect(links[0]?.body.record).toBe(stop.record.id);
});

test("a proxy that knew the session by its credential saw it come out of the sandbox", () => {
  const start = attested(1);
  const byId = flow(3, { sandbox: box.slice(0, 12) });
  expect(said(joinSandboxes({ records: [start, byId] }))).toEqual([
    ["s1", "proxy_session", "high"],
  ]);
  const addressed = attested(1, { addresses: ["172.17.0.2"] });
  const byAddress = flow(3, { client: "172.17.0.2:51234" });
  expect(said(joinSandboxes({ records: [addressed, byAddress] }))).toEqual([
    ["s1", "proxy_session", "medium"],
  ]);
  const other = flow(3, { client: "172.17.0.25:51234" });
  expect(joinSandboxes({ records: [addressed, other] })).toEqual([]);
});

test("an address says nothing before its sandbox began, after it ended, or while another had it too", () => {
  const start = attested(60, { addresses: ["172.17.0.2"] });
  const stop = attested(120, { event: "stop" });
  const rival = attested(70, { sandbox: "other", addresses: ["172.17.0.2"] });
  const sessions = (second: number, ...more: PlacedRecord[]) =>
    joinSandboxes({
      records: [start, stop, flow(second, { client: "172.17.0.2:1" }), ...more],
    }).filter(({ body }) => body.method !== "undecided" && body.record === start.record.id);
  expect(sessions(30)).toEqual([]);
  expect(sessions(90)).toHaveLength(1);
  expect(sessions(150)).toEqual([]);
  expect(sessions(90, rival)).toEqual([]);
});

test("a header is written by whoever sends the request: it links as low, and an agent's own word not at all", () => {
  const start = attested(1, { addresses: ["172.17.0.2"] });
  const header = flow(
    3,
    { client: "172.17.0.2:1" },
    { session: undefined as never, attrs: { "proxy.session_header": "s1" } },
  );
  expect(said(joinSandboxes({ records: [start, header] }))).toEqual([
    ["s1", "address_interval", "low"],
  ]);
  const own = placed("egress", 3, {
    ...(flow(3, { client: "172.17.0.2:1" }).record.body as Body<"egress">),
  });
  expect(joinSandboxes({ records: [start, own] })).toEqual([]);
  const pretended = placed("sandbox", 1, {
    event: "start",
    sandbox: box,
    attested_by: "agent",
  });
  expect(joinSandboxes({ records: [attested(1), pretended] })).toEqual([]);
});

test("a sandbox that two sessions had stands for both, and what happened in it for the one with an open call", () => {
  const start = attested(1);
  const violation = attested(5, {
    event: "violation",
    violation: { kind: "write", target: "/etc/x", result: "denied" },
  });
  const records = [
    start,
    violation,
    flow(3, { sandbox: box }),
    flow(4, { sandbox: box }, { session: "s2" }),
  ];
  const links = joinSandboxes({ records }).map(linkRecord);
  const placement = placementBy(links);
  expect(["s1", "s2", "s3"].map((one) => placement.belongs(start.record, one))).toEqual([
    true,
    true,
    false,
  ]);
  expect(placement.of(violation.record).session).toBeUndefined();

  const call = placed(
    "tool_call",
    6,
    {
      event: "result",
      tool: "Bash",
      kind: "exec",
      status: "error",
      duration_ms: 3000,
      arguments_state: "withheld",
      primary: true,
    },
    { call: "c1", session: "s2" },
  );
  const found = joinViolations({ session: "s2", violations: [violation], records: [call] });
  const withCall = placementBy([...links, ...found.map(linkRecord)]);
  expect(withCall.of(violation.record)).toMatchObject({ session: "s2", call: "c1" });
  expect(withCall.belongs(violation.record, "s1")).toBe(false);
});

test("of two open calls neither has the violation, and an earlier conclusion is taken back", () => {
  const violation = attested(5, { event: "violation" }, { session: "s1" });
  const call = (name: string, second: number) =>
    placed(
      "tool_call",
      second,
      {
        event: "result",
        tool: "Bash",
        kind: "exec",
        status: "executed",
        duration_ms: 4000,
        arguments_state: "withheld",
        primary: true,
      },
      { call: name },
    );
  const first = joinViolations({
    session: "s1",
    violations: [violation],
    records: [call("c1", 6)],
  });
  const second = joinViolations({
    session: "s1",
    violations: [violation],
    records: [call("c1", 6), call("c2", 7)],
  });
  expect(first.map((link) => link.call)).toEqual(["c1"]);
  expect(second.map((link) => link.call)).toEqual([undefined]);
  const links = [...first, ...second].map(linkRecord);
  expect(placementBy(links).of(violation.record).call).toBeUndefined();
});

test("whatever the order, and however often, the same sessions have the sandbox in the end", () => {
  const records = [
    attested(1, { addresses: ["172.17.0.2"] }),
    attested(50, { event: "stop" }),
    attested(20, { sandbox: "other", addresses: ["172.17.0.2"] }),
    flow(10, { client: "172.17.0.2:1" }),
    flow(30, { client: "172.17.0.2:2" }, { session: "s2" }),
    flow(31, { sandbox: box }, { session: "s3" }),
  ];
  const outcome = (known: readonly PlacedRecord[], written: readonly LinkFact[]): string => {
    const placement = placementBy(written.map(linkRecord));
    return JSON.stringify(
      known.map(({ record }) =>
        ["s1", "s2", "s3"].map((one) => placement.belongs(record as LedgerRecord, one)),
      ),
    );
  };
  const whole = outcome(records, joinSandboxes({ records }));
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...records.keys()], { minLength: records.length }),
      (order) => {
        const written: LinkFact[] = [];
        for (let count = 1; count <= order.length; count++) {
          const known = order.slice(0, count).map((index) => records[index] as PlacedRecord);
          const links = joinSandboxes({ records: known });
          written.push(...newLinks(links, winningLinkOf(written.map(linkRecord))));
        }
        expect(outcome(records, written)).toBe(whole);
      },
    ),
    { numRuns: 200 },
  );
});

test("a container's id is known by its first digits, with or without the runtime's name", () => {
  for (const id of [box, box.slice(0, 12), `containerd://${box}`]) {
    expect(sandboxName(id)).toBe("4f6d8c1a2b3e");
  }
  expect(sandboxName("i1a2b3c4")).toBe("i1a2b3c4");
  expect(at(0)).toContain("07:28:00");
});
