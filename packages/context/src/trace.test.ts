import type { PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  at,
  authorityAuth,
  internalAuth,
  observerAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import { assembleTrace, explainRecord } from "./index.ts";

const trace = "a".repeat(32);
const span = (letter: string): string => letter.repeat(16);
const call = (id: string, from: number, over: object = {}) =>
  placed(
    "tool_call",
    from,
    {
      event: "result",
      tool: "exec_command",
      kind: "exec",
      status: "executed",
      arguments_state: "reported",
      primary: true,
    },
    { trace, span: span(id), end: at(from + 1), call: `call-${id}`, turn: "t1", ...over },
  );
const turn = (over: object = {}) =>
  placed(
    "turn",
    0,
    { event: "end", prompt_state: "unknown" },
    { trace, span: span("0"), end: at(9), turn: "t1", ...over },
  );
const approval = (over: object = {}) =>
  placed(
    "approval",
    1.5,
    { verdict: "allow", by: "policy", scope: "once", raw: "approved/Config", primary: true },
    { trace, call: "call-b", ...over },
  );

const shape = (records: readonly PlacedRecord[]) =>
  Object.fromEntries(
    assembleTrace(records, { trace }).nodes.map(({ id, parent, native }) => [id, [parent, native]]),
  );

test("spans keep the tree they were sent in", () => {
  expect(
    shape([turn(), call("b", 1, { parent: span("0") }), call("c", 2, { parent: span("b") })]),
  ).toEqual({
    [span("0")]: ["session:s1", true],
    [span("b")]: [span("0"), true],
    [span("c")]: [span("b"), true],
    "session:s1": [null, false],
  });
});

test("where the span in between was never sent, the tree is rebuilt from session, turn and call", () => {
  const one = approval({ parent: span("9") });
  const nodes = assembleTrace([turn(), call("b", 1, { parent: span("9") }), one], { trace }).nodes;
  expect(nodes.find(({ id }) => id === span("b"))).toMatchObject({
    parent: span("0"),
    native_parent: span("9"),
  });
  expect(nodes.find(({ id }) => id === one.record.id)).toMatchObject({
    parent: span("b"),
    native: false,
    name: "allow by policy",
  });
});

test("a span stands in the tree with the session and call that links gave it, and the links stand on it", () => {
  const loose = call("b", 1, { call: "span:b", session: trace });
  const moved = (kind: "trace_session" | "span_call", name: string) =>
    placed(
      "link",
      1,
      { kind, record: loose.record.id, method: "trace", confidence: "high", basis: 1 },
      { auth: internalAuth, trace, call: name },
    );
  const records = [loose, moved("trace_session", "span:b"), moved("span_call", "call_1")];
  const { nodes } = assembleTrace(records, { trace });
  expect(nodes.find(({ id }) => id === span("b"))).toMatchObject({ session: "s1", call: "call_1" });
  expect(nodes.map(({ class: name }) => name)).not.toContain("link");
  expect(nodes.find(({ id }) => id === span("b"))?.record_ids).toEqual(
    expect.arrayContaining(records.map(({ record }) => record.id)),
  );
});

test("a source without spans gets a tree with deterministic ids", () => {
  const { trace: _, ...log } = approval().record;
  const record = { ...approval(), record: { ...log, turn: "t1" } };
  expect(shape([record])).toEqual({
    "session:s1": [null, false],
    'turn:["s1","t1"]': ["session:s1", false],
    'call:["s1","call-b"]': ['turn:["s1","t1"]', false],
    [record.record.id]: ['call:["s1","call-b"]', false],
  });
});

test("a rebuilt node covers what stands under it", () => {
  const nodes = assembleTrace([approval(), approval({ ts: at(4), end: at(6) })], { trace }).nodes;
  expect(nodes.find(({ id }) => id === "session:s1")).toMatchObject({
    started_at: at(1.5),
    ended_at: at(6),
  });
});

test("whatever parents are claimed, in whatever order, there is one tree without a cycle", () => {
  const letters = ["1", "2", "3", "4"] as const;
  const parents = fc.constantFrom<string>(...letters, "9").map(span);
  fc.assert(
    fc.property(fc.tuple(parents, parents, parents, parents), fc.nat(23), (claimed, turns) => {
      const records = letters.map((letter, index) =>
        call(letter, index, { parent: claimed[index] }),
      );
      const { nodes } = assembleTrace(records, { trace });
      const byId = new Map(nodes.map((node) => [node.id, node]));
      for (const node of nodes) {
        let steps = 0;
        for (let up = node.parent; up !== null; up = byId.get(up)?.parent ?? null) {
          expect(byId.has(up)).toBe(true);
          expect(++steps).toBeLessThan(10);
        }
      }
      const turned = [...records.slice(turns % 4), ...records.slice(0, turns % 4)];
      expect(assembleTrace(turned, { trace }).nodes).toEqual(nodes);
    }),
    { numRuns: 200 },
  );
});

test("who said a record, and what would have to be compromised, follow its credential and grade", () => {
  const seen = {
    host: "a.example",
    port: 443,
    protocol: "https",
    action: "allowed",
    via: "proxy",
  } as const;
  expect(explainRecord(placed("egress", 1, seen, { auth: observerAuth }))).toMatchObject({
    grade: "observed",
    said_by: observerAuth,
    heard_at: at(2),
    false_if: expect.stringContaining("The agent alone cannot make it false"),
  });
  const own = explainRecord(
    placed("egress", 1, { ...seen, via: "agent" }, { vantage: "enforcer" }),
  );
  expect(own.false_if).toContain("no other party saw it");
  expect(own.false_if).toContain("its proxy or sandbox");
  expect(explainRecord(approval({ auth: authorityAuth })).false_if).toContain("That person");
  const linked = placed(
    "link",
    1,
    {
      kind: "egress_call",
      record: "0".repeat(32),
      method: "interval",
      confidence: "low",
      basis: 2,
    },
    { auth: internalAuth, grade: "derived" },
  );
  expect(explainRecord(linked).false_if).toContain("It is a conclusion");
  expect(explainRecord(approval({ grade: "inferred" })).false_if).toContain(
    "concluded from absence",
  );
});
