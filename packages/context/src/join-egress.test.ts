import { createHash } from "node:crypto";
import type { Body, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  agentAuth,
  at,
  internalAuth,
  observerAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import { joinEgress, type LinkFact, newLinks, winningLinkOf } from "./index.ts";

const otherAgent = { ...agentAuth, subject: "laptop-2" };

const call = (
  name: string,
  from: number,
  to: number | undefined,
  hosts: readonly string[],
  over: Partial<Body<"tool_call">> = {},
) =>
  placed(
    "tool_call",
    to ?? from,
    {
      event: to === undefined ? "start" : "result",
      tool: "exec_command",
      kind: "exec",
      status: to === undefined ? "started" : "executed",
      arguments_state: "reported",
      primary: true,
      hosts,
      risk: ["network"],
      classifier: "risk/1",
      ...(to === undefined ? {} : { exec_start: at(from) }),
      ...over,
    },
    { call: name },
  );
const flow = (second: number, host: string, over: Partial<Body<"egress">> = {}, auth = agentAuth) =>
  placed(
    "egress",
    second,
    { host, port: 80, protocol: "http", action: "denied", via: "agent", ...over },
    { auth },
  );
const join = (calls: readonly PlacedRecord[], egress: readonly PlacedRecord[]) =>
  joinEgress({ calls, egress }).map(({ call: name, body }) => [name, body.method, body.confidence]);

test("the three commands of the network proxy capture are tied to their flows", () => {
  // Times, hosts and executions as Codex 0.169.0 exported them; the truth is what its model server scripted.
  const calls = [
    call("call_0002fake", 5.762, 5.961, ["localhost"]),
    call("call_0005fake", 5.998, 6.072, ["denied.example"]),
    call("call_0008fake", 6.178, 6.268, ["unlisted.example"]),
  ];
  const flows = [
    flow(5.827, "localhost", { execution: "d98fc44d", port: 8801, action: "allowed" }),
    flow(6.044, "denied.example", { execution: "8be28168" }),
    flow(6.235, "unlisted.example", { execution: "1ec96e21" }),
  ];
  expect(join(calls, flows)).toEqual([
    ["call_0002fake", "session_and_arguments", "high"],
    ["call_0005fake", "session_and_arguments", "high"],
    ["call_0008fake", "session_and_arguments", "high"],
  ]);
});

test("once one flow of an execution is tied to a call, all are", () => {
  const calls = [call("c1", 1, 3, ["a.example"]), call("c2", 1, 3, ["b.example"])];
  const flows = [
    flow(2, "a.example", { execution: "e1" }),
    flow(2.1, "cdn.example", { execution: "e1" }),
    flow(90, "late.example", { execution: "e1" }),
  ];
  expect(join(calls, flows)).toEqual([
    ["c1", "session_and_arguments", "high"],
    ["c1", "execution", "high"],
    ["c1", "execution", "high"],
  ]);
});

test("a proxy that knows the session ties a flow to its one open call", () => {
  const calls = [call("c1", 1, 3, ["a.example"]), call("c2", 4, 5, [])];
  expect(join(calls, [flow(2, "a.example", { via: "proxy" }, observerAuth)])).toEqual([
    ["c1", "proxy_session", "high"],
  ]);
  expect(join(calls, [flow(4.5, "cdn.example", { via: "proxy" }, observerAuth)])).toEqual([
    ["c2", "proxy_session", "medium"],
  ]);
});

test("time alone is low confidence, and two equally good calls give no link", () => {
  expect(join([call("c1", 1, 3, [])], [flow(2, "x.example")])).toEqual([["c1", "interval", "low"]]);
  expect(join([call("c1", 1, 3, []), call("c2", 1, 3, [])], [flow(2, "x.example")])).toEqual([
    [undefined, "undecided", "low"],
  ]);
});

test("a call that only reads, or a file tool, is not suspected for being open", () => {
  const reading = call("c2", 1, 3, [], { risk: ["read_only"] });
  const editing = call("c3", 1, 3, [], { kind: "fs", risk: [] });
  expect(join([call("c1", 1, 3, []), reading, editing], [flow(2, "x.example")])).toEqual([
    ["c1", "interval", "low"],
  ]);
});

test("a flow that an agent tells is of its own calls alone, one that an observer saw of whoever made it", () => {
  const calls = [call("c1", 1, 3, ["a.example"])];
  expect(join(calls, [flow(2, "a.example", {}, otherAgent)])).toEqual([]);
  expect(join(calls, [flow(2, "a.example", {}, observerAuth)])).toEqual([
    ["c1", "proxy_session", "high"],
  ]);
});

test("what was left running is tied by its host to the call that started it", () => {
  expect(join([call("c1", 1, 2, ["x.example"])], [flow(60, "x.example")])).toEqual([
    ["c1", "session_and_arguments", "medium"],
  ]);
  expect(join([call("c1", 1, 2, ["y.example"])], [flow(60, "x.example")])).toEqual([
    [undefined, "undecided", "low"],
  ]);
});

test("clocks may differ a little, but an exact interval is better than a near one", () => {
  const calls = [call("c1", 1, 2, []), call("c2", 3, 4, [])];
  expect(join(calls, [flow(3.5, "x.example")])).toEqual([["c2", "interval", "low"]]);
  expect(join([call("c1", 1, 2, [])], [flow(3.5, "x.example")])).toEqual([
    ["c1", "interval", "low"],
  ]);
  expect(join([call("c1", 1, 2, [])], [flow(5, "x.example")])).toEqual([
    [undefined, "undecided", "low"],
  ]);
});

test("a call that turned out to be another one takes its flows with it", () => {
  const trace = "a".repeat(32);
  const span = placed(
    "tool_call",
    3,
    call("span:x", 1, 3, ["a.example"]).record.body as Body<"tool_call">,
    { call: "span:x", session: trace },
  );
  const seen = flow(2, "a.example");
  const loose = { ...seen, record: { ...seen.record, session: trace } };
  const move = (record: string, kind: Body<"link">["kind"], name: string | undefined) =>
    placed(
      "link",
      3,
      { kind, record, method: "trace", confidence: "high", basis: 1 },
      { auth: internalAuth, ...(name === undefined ? {} : { call: name }) },
    );
  const records = { calls: [span], egress: [loose] };
  const before = joinEgress(records);
  const links = [
    move(span.record.id, "trace_session", "span:x"),
    move(span.record.id, "span_call", "c1"),
    move(loose.record.id, "trace_session", undefined),
  ];
  const after = joinEgress({ ...records, links });
  expect(before.map(({ session, call: name }) => [session, name])).toEqual([[trace, "span:x"]]);
  expect(after.map(({ session, call: name }) => [session, name])).toEqual([["s1", "c1"]]);
  // What was known of the calls counts too, so that the later conclusion wins.
  expect(after[0]?.body.basis).toBeGreaterThan(before[0]?.body.basis ?? 0);
});

test("a flow of another session, without a session, or without any call near it is not linked", () => {
  const elsewhere = placed("egress", 2, flow(2, "a.example").record.body as Body<"egress">, {
    session: "s2",
  });
  const nowhere = flow(2, "a.example");
  const { session: _, ...unplaced } = nowhere.record;
  expect(
    join([call("c1", 1, 3, ["a.example"])], [elsewhere, { ...nowhere, record: unplaced }]),
  ).toEqual([]);
  expect(join([call("c1", 1, 3, ["a.example"])], [flow(5_000, "a.example")])).toEqual([]);
});

const idOf = ({ key }: LinkFact): string =>
  createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
const asRecord = (link: LinkFact): PlacedRecord =>
  placed("link", 0, link.body, {
    auth: internalAuth,
    id: idOf(link),
    ts: link.ts,
    session: link.session,
    ...(link.call === undefined ? {} : { call: link.call }),
  });
const winners = (links: readonly LinkFact[]) =>
  new Map(
    [...winningLinkOf(links.map(asRecord))].map(([record, link]) => [
      record,
      [link.call, link.body.method],
    ]),
  );

const world = fc.record({
  calls: fc.array(
    fc.record({
      name: fc.constantFrom("c1", "c2", "c3"),
      from: fc.integer({ min: 0, max: 20 }),
      lasts: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
      host: fc.constantFrom("a.example", "b.example", undefined),
    }),
    { maxLength: 6 },
  ),
  flows: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 25 }),
      host: fc.constantFrom("a.example", "b.example", "c.example"),
      execution: fc.constantFrom("e1", "e2", undefined),
      observed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

test("records in any order, in parts, late and repeated give the same links in the end", () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.nat()), ({ calls, flows }, dice) => {
      const records = [
        ...calls.map(({ name, from, lasts, host }) =>
          call(name, from, lasts === undefined ? undefined : from + lasts, host ? [host] : []),
        ),
        ...flows.map(({ at: second, host, execution, observed }) =>
          flow(second, host, execution ? { execution } : {}, observed ? observerAuth : agentAuth),
        ),
      ];
      const whole = joinEgress({ egress: records, calls: records });
      const shuffled = records
        .map((record) => ({ record, place: dice.next().value ?? 0 }))
        .sort((left, right) => left.place - right.place)
        .map(({ record }) => record);
      const written: LinkFact[] = [];
      const thrifty: LinkFact[] = [];
      for (let count = 1; count <= shuffled.length; count++) {
        const known = [...shuffled.slice(0, count), ...shuffled.slice(0, 2)];
        const links = joinEgress({ egress: known, calls: known });
        written.push(...links);
        thrifty.push(...newLinks(links, winningLinkOf(thrifty.map(asRecord))));
      }
      expect(winners(written)).toEqual(winners(whole));
      // Writing only what changes ends at the same answers, without the links that never said anything.
      const said = new Map([...winners(whole)].filter(([, [name]]) => name !== undefined));
      const kept = new Map([...winners(thrifty)].filter(([, [name]]) => name !== undefined));
      expect(kept).toEqual(said);
    }),
    { numRuns: 300 },
  );
});
