import type { Body, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linkRecord } from "../../../test/support/link-record.ts";
import { observerAuth, placed } from "../../../test/support/placed-record.ts";
import {
  joinEgress,
  joinSandboxes,
  joinSandboxFlows,
  type LinkFact,
  matchOfFlow,
  newLinks,
  placementBy,
  winningLinkOf,
} from "./index.ts";

const nobody = { session: undefined as never };
const box = "4f6d8c1a2b3e".padEnd(64, "0");

function attested(
  second: number,
  body: Partial<Body<"sandbox">> = {},
  over: Parameters<typeof placed>[3] = nobody,
): PlacedRecord {
  const whole = { event: "start", sandbox: box, attested_by: "runtime", ...body } as const;
  return placed("sandbox", second, whole, { auth: observerAuth, ...over });
}

function flow(second: number, body: Partial<Body<"egress">>, over: object = nobody): PlacedRecord {
  const to = { host: "a.example", port: 443, protocol: "https", action: "allowed" } as const;
  const whole = { ...to, via: "sandbox_net", ...body } as const;
  return placed("egress", second, whole, { auth: observerAuth, ...over });
}

function linksOf(records: readonly PlacedRecord[]): readonly LinkFact[] {
  const sandboxes = records.filter(({ record }) => record.class === "sandbox");
  const flows = records.filter(({ record }) => record.class === "egress");
  const owners = joinSandboxes({ records });
  return [...owners, ...joinSandboxFlows({ sandboxes, flows, owners })];
}

const said = (records: readonly PlacedRecord[]) =>
  linksOf(records)
    .filter(({ body }) => body.kind === "sandbox_session")
    .map(({ session, body }) => [session, body.method, body.confidence]);

const s1 = { session: "s1" };

test("a flow that only names its sandbox is of the session that had it", () => {
  const short = flow(5, { sandbox: box.slice(0, 12) });
  expect(said([attested(1, {}, s1), short])).toEqual([["s1", "sandbox", "high"]]);
  expect(said([attested(1), short])).toEqual([]);
  // A proxy that knew the session saw it come out of there.
  const known = flow(3, { sandbox: box, via: "proxy" }, s1);
  expect(said([attested(1), known, short])).toEqual([["s1", "sandbox", "high"]]);
});

test("a flow that only names its client is of the session whose sandbox alone had the address then", () => {
  const start = attested(1, { addresses: ["172.17.0.2"] }, s1);
  const stop = attested(60, { event: "stop", addresses: ["172.17.0.2"] }, s1);
  const seen = (second: number) => flow(second, { client: "172.17.0.2:40001", via: "proxy" });
  expect(said([start, stop, seen(5)])).toEqual([["s1", "client_address", "medium"]]);
  expect(said([start, stop, seen(90)])).toEqual([["s1", "undecided", "low"]]);
  const rival = attested(2, { sandbox: "other", addresses: ["172.17.0.2"] }, { session: "s2" });
  expect(said([start, stop, rival, seen(5)])).toEqual([["s1", "undecided", "low"]]);
});

test("a sandbox that two sessions had, and a header, say nothing of whose a flow was", () => {
  const two = [attested(1, {}, s1), attested(2, { event: "change" }, { session: "s2" })];
  expect(said([...two, flow(5, { sandbox: box })])).toEqual([["s1", "undecided", "low"]]);
  const attrs = { "proxy.session_header": "s1" };
  const header = flow(3, { sandbox: box, via: "proxy" }, { ...nobody, attrs });
  expect(said([attested(1), header]).filter(([, method]) => method !== "undecided")).toEqual([]);
});

test("what came out of a session's sandbox is then weighed against its calls", () => {
  const seen = flow(5, { sandbox: box });
  const call = placed(
    "tool_call",
    8,
    {
      event: "result",
      tool: "bash",
      kind: "exec",
      status: "executed",
      exec_start: "2026-11-23T07:28:02.000000000Z",
      arguments_state: "reported",
      primary: true,
      hosts: ["a.example"],
      risk: ["network"],
      classifier: "risk/1",
    },
    { call: "c1" },
  );
  const moves = linksOf([attested(1, {}, s1), seen]).map(linkRecord);
  const links = joinEgress({ egress: [seen], calls: [call], links: moves });
  expect(links.map(({ session, call: name, body }) => [session, name, body.method])).toEqual([
    ["s1", "c1", "proxy_session"],
  ]);
  const egress = seen.record as Parameters<typeof matchOfFlow>[0];
  expect(matchOfFlow(egress, moves)).toBe("none");
  expect(matchOfFlow(egress, [...moves, ...links.map(linkRecord)])).toBe("explained");
});

test("records in any order end in the same sessions, and an answer that no longer stands is taken back", () => {
  const records = [
    attested(1, { addresses: ["172.17.0.2"] }, s1),
    attested(3, { sandbox: "other", addresses: ["172.17.0.2"] }, { session: "s2" }),
    attested(4, { event: "stop", sandbox: "other" }),
    flow(2, { client: "172.17.0.2:1" }),
    flow(3.5, { client: "172.17.0.2:2" }),
    flow(30, { client: "172.17.0.2:3" }),
    flow(5, { sandbox: "other" }),
    flow(6, { sandbox: box }, s1),
  ];
  const outcome = (links: readonly LinkFact[]): string => {
    const placement = placementBy(links.map(linkRecord));
    return JSON.stringify(records.map(({ record }) => placement.of(record).session ?? "nobody"));
  };
  const whole = outcome(linksOf(records));
  expect(whole).toContain("s1");
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...records.keys()], { minLength: records.length }),
      (order) => {
        const written: LinkFact[] = [];
        for (let count = 1; count <= order.length; count++) {
          const known = order.slice(0, count).map((index) => records[index] as PlacedRecord);
          const current = winningLinkOf(written.map(linkRecord));
          written.push(...newLinks(linksOf(known), current));
        }
        expect(outcome(written)).toBe(whole);
      },
    ),
    { numRuns: 200 },
  );
});
