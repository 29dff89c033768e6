import { createHash } from "node:crypto";
import type { Auth, Body, PlacedRecord } from "@custody/model";
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

test("a proxy that knows the session ties a flow to its one open call if that names the host, else by time alone", () => {
  const calls = [call("c1", 1, 3, ["a.example"]), call("c2", 4, 5, [])];
  expect(join(calls, [flow(2, "a.example", { via: "proxy" }, observerAuth)])).toEqual([
    ["c1", "proxy_session", "high"],
  ]);
  expect(join(calls, [flow(4.5, "cdn.example", { via: "proxy" }, observerAuth)])).toEqual([
    ["c2", "interval", "low"],
  ]);
});

test("of three calls open at once the one whose arguments name the host made the flow, and of two that do none is chosen", () => {
  const calls = [
    call("c1", 1, 5, ["a.example"]),
    call("c2", 1, 5, ["b.example", "shared.example"]),
    call("c3", 1, 5, ["shared.example"]),
  ];
  const seen = (host: string, over: Partial<Body<"egress">> = {}) =>
    flow(2, host, { via: "proxy", ...over }, observerAuth);
  expect(
    join(
      calls,
      ["a.example", "b.example", "shared.example", "z.example"].map((host) => seen(host)),
    ),
  ).toEqual([
    ["c1", "session_and_arguments", "high"],
    ["c2", "session_and_arguments", "high"],
    [undefined, "several_calls", "low"],
    [undefined, "undecided", "low"],
  ]);
  // The proxy's number of the command tells them apart.
  const numbered = [
    seen("b.example", { execution: "e1" }),
    seen("shared.example", { execution: "e1" }),
  ];
  expect(join(calls, numbered)).toEqual([
    ["c2", "session_and_arguments", "high"],
    ["c2", "execution", "high"],
  ]);
});

test("a call whose end is not known, and one beside a call that nobody could read, is less sure", () => {
  const seen = flow(2, "a.example", { via: "proxy" }, observerAuth);
  const running = call("c1", 1, undefined, ["a.example"]);
  expect(join([running], [seen])).toEqual([["c1", "proxy_session", "medium"]]);
  const { classifier: _, ...unread } = call("c2", 1, 3, []).record.body as Body<"tool_call">;
  const withheld = placed("tool_call", 3, unread, { call: "c2" });
  expect(join([call("c1", 1, 3, ["a.example"]), withheld], [seen])).toEqual([
    ["c1", "session_and_arguments", "medium"],
  ]);
});

test("a call that installs packages explains a public registry that it does not name, and no other host", () => {
  const calls = [
    call("c1", 1, 5, [], { risk: ["network", "package_install"] }),
    call("c2", 1, 5, []),
  ];
  const seen = ["registry.npmjs.org", "x.example"].map((host) =>
    flow(2, host, { via: "proxy" }, observerAuth),
  );
  expect(join(calls, seen)).toEqual([
    ["c1", "session_and_arguments", "medium"],
    [undefined, "undecided", "low"],
  ]);
});

test("a call that was refused, or not yet begun, explains nothing", () => {
  const seen = flow(2, "a.example", { via: "proxy" }, observerAuth);
  expect(join([call("c1", 1, 3, ["a.example"], { status: "denied" })], [seen])).toEqual([
    [undefined, "undecided", "low"],
  ]);
  // Decided in second 1, asked of a person, and carried out in second 6.
  const decided = placed(
    "decision",
    1,
    { tool: "exec_command", kind: "exec", arguments_state: "reported", hosts: ["a.example"] },
    { call: "c1" },
  );
  expect(join([decided, call("c1", 6, 7, ["a.example"])], [seen])).toEqual([
    [undefined, "undecided", "low"],
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

test("a host that a call named before it ended explains no later flow", () => {
  const seen = (second: number) => flow(second, "x.example", { via: "proxy" }, observerAuth);
  expect(join([call("c1", 1, 2, ["x.example"])], [seen(60)])).toEqual([
    [undefined, "undecided", "low"],
  ]);
  // Nor where another call is open then: that is a matter of time alone.
  expect(join([call("c1", 1, 2, ["x.example"]), call("c2", 50, 70, [])], [seen(60)])).toEqual([
    ["c2", "interval", "low"],
  ]);
  // Nor within what clocks may differ by, where the call has the flow that is its own.
  expect(join([call("c1", 1, 2, ["x.example"])], [seen(1.5), seen(3)])).toEqual([
    ["c1", "proxy_session", "high"],
    ["c1", "proxy_session", "low"],
  ]);
  expect(join([call("c1", 1, 2, ["x.example"])], [seen(2.2)])).toEqual([
    ["c1", "proxy_session", "high"],
  ]);
});

test("a flow right after the end of a call that has its own is no surer the call's, and not at all where another call is open", () => {
  const seen = (second: number) => flow(second, "x.example", { via: "proxy" }, observerAuth);
  const first = call("c1", 1, 2, ["x.example"]);
  expect(join([first], [seen(1.5), seen(2.2)])).toEqual([
    ["c1", "proxy_session", "high"],
    ["c1", "proxy_session", "medium"],
  ]);
  expect(join([first, call("c2", 2.1, 4, [])], [seen(1.5), seen(2.2)])).toEqual([
    ["c1", "proxy_session", "high"],
    ["c2", "interval", "low"],
  ]);
  // A call without one may have made it: its end was rounded.
  expect(join([first, call("c2", 2.1, 4, [])], [seen(2.2)])).toEqual([
    ["c1", "session_and_arguments", "high"],
  ]);
});

test("where clocks differ a call gets the flow to the host it names that lies just outside of it, and no other", () => {
  // The agent's clock is a second ahead: its calls seem to begin after their flows.
  const calls = [call("c1", 11, 11.4, ["a.example"]), call("c2", 12, 12.4, ["b.example"])];
  const seen = (second: number, host: string) => flow(second, host, { via: "proxy" }, observerAuth);
  expect(join(calls, [seen(10.1, "a.example"), seen(11.1, "b.example")])).toEqual([
    ["c1", "session_and_arguments", "medium"],
    ["c2", "session_and_arguments", "medium"],
  ]);
});

test("a call that uses the network and names no host explains a public forge, and one that names another does not", () => {
  const seen = flow(2, "github.com", { via: "proxy" }, observerAuth);
  expect(join([call("c1", 1, 3, []), call("c2", 1, 3, ["a.example"])], [seen])).toEqual([
    ["c1", "session_and_arguments", "medium"],
  ]);
});

const sensor: Auth = { method: "bearer", kind: "observer", subject: "tetragon" };
const sensed = (second: number, host: string, over: Partial<Body<"egress">>, auth = sensor) =>
  flow(second, host, { via: "sandbox_net", action: "allowed", ...over }, auth);

test("a process that began in a call and was seen at its work is the call's after its end too", () => {
  const calls = [call("c1", 1, 4, ["a.example"]), call("c2", 1, 4, ["b.example"])];
  const own = { process: "p1", process_start: at(1.5) };
  expect(join(calls, [sensed(2, "a.example", own), sensed(60, "z.example", own)])).toEqual([
    ["c1", "session_and_arguments", "high"],
    ["c1", "process", "high"],
  ]);
  // That it began while one call was open is a matter of time alone.
  expect(join([call("c1", 1, 4, [])], [sensed(60, "z.example", own)])).toEqual([
    ["c1", "process", "low"],
  ]);
});

test("a process that ran before the call is not the call's: the agent itself makes flows of many", () => {
  const calls = [call("c1", 1, 4, ["a.example"]), call("c2", 10, 14, ["b.example"])];
  const own = { process: "agent", process_start: at(0) };
  expect(
    join(calls, [
      sensed(2, "a.example", own),
      sensed(12, "b.example", own),
      sensed(30, "z.example", own),
    ]),
  ).toEqual([
    ["c1", "proxy_session", "high"],
    ["c2", "proxy_session", "high"],
    [undefined, "undecided", "low"],
  ]);
});

test("a sensor's process of the same client port names the sender of a proxy's flow, and both see one connection", () => {
  const calls = [
    call("c1", 1, 4, ["a.example", "shared.example"]),
    call("c2", 1, 4, ["shared.example"]),
  ];
  const own = { process: "p1", process_start: at(1.5) };
  const proxied = (second: number, host: string, client: string) =>
    flow(second, host, { via: "proxy", client }, observerAuth);
  expect(
    join(calls, [
      sensed(2, "127.0.0.1", { ...own, client: "127.0.0.1:40001" }),
      proxied(2.1, "a.example", "127.0.0.1:40001"),
      sensed(3, "127.0.0.1", { ...own, client: "127.0.0.1:40002" }),
      proxied(3.1, "shared.example", "127.0.0.1:40002"),
      // A port that no sensor saw.
      proxied(3.2, "shared.example", "127.0.0.1:40003"),
    ]),
  ).toEqual([
    ["c1", "process", "high"],
    ["c1", "session_and_arguments", "high"],
    ["c1", "process", "high"],
    ["c1", "client_port", "high"],
    [undefined, "several_calls", "low"],
  ]);
});

test("an address without a port, and what an agent says of executions and processes, ties nothing of an observer's", () => {
  const calls = [call("c1", 1, 3, ["a.example"])];
  const own = { execution: "e1", process: "p1", process_start: at(1.5), client: "127.0.0.1:40001" };
  const late = sensed(60, "z.example", own);
  const links = join(calls, [flow(2, "a.example", own), late]);
  expect(links).toEqual([
    ["c1", "session_and_arguments", "high"],
    ["c1", "process", "low"],
  ]);
  expect(
    join(calls, [
      sensed(2, "a.example", { client: "127.0.0.1" }),
      sensed(60, "z.example", { client: "127.0.0.1" }),
    ]),
  ).toEqual([
    ["c1", "proxy_session", "high"],
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
      client: fc.constantFrom("127.0.0.1:1", "127.0.0.1:2", undefined),
      process: fc.constantFrom("p1", "p2", undefined),
      teller: fc.constantFrom(agentAuth, observerAuth, sensor),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

test("records in any order, in parts, late and repeated give the same links in the end", () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.nat()), ({ calls, flows }, dice) => {
      const records = [
        ...calls.map(({ name, from, lasts, host }) =>
          call(name, from, lasts === undefined ? undefined : from + lasts, host ? [host] : []),
        ),
        ...flows.map(({ at: second, host, execution, client, process, teller }) =>
          flow(
            second,
            host,
            {
              via: teller === sensor ? "sandbox_net" : "proxy",
              ...(execution && { execution }),
              ...(client && { client }),
              ...(process && { process, process_start: at(process === "p1" ? 3 : 8) }),
            },
            teller,
          ),
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
      const said = new Map([...winners(whole)].filter(([, [, method]]) => method !== "undecided"));
      const kept = new Map(
        [...winners(thrifty)].filter(([, [, method]]) => method !== "undecided"),
      );
      expect(kept).toEqual(said);
    }),
    { numRuns: 300 },
  );
});
