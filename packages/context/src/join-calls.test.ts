import type { Auth, Body, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linkRecord } from "../../../test/support/link-record.ts";
import { agentAuth, authorityAuth, placed } from "../../../test/support/placed-record.ts";
import {
  groupByCall,
  joinCalls,
  type LinkFact,
  newLinks,
  placementBy,
  winningLinkOf,
} from "./index.ts";

const otherAgent: Auth = { method: "bearer", kind: "agent", subject: "laptop-2" };

interface Said {
  readonly tool?: string;
  readonly digest?: string | undefined;
  readonly session?: string;
  readonly auth?: Auth;
}

const facts = ({ tool = "shell_exec", digest }: Said) => ({
  tool,
  kind: "exec" as const,
  arguments_state: digest === undefined ? ("withheld" as const) : ("reported" as const),
  ...(digest === undefined ? {} : { action_digest: digest }),
});
const options = ({ session = "s1", auth = agentAuth }: Said) => ({ session, auth });

/** What the model's answer names. */
const chosen = (call: string, second: number, said: Said = {}) =>
  placed("decision", second, facts(said), { call, ...options(said) });

/** What a tool span without a call id tells. */
const span = (id: string, second: number, said: Said = {}) => {
  const call = `span:${id}`;
  const body: Body<"tool_call"> = {
    ...facts(said),
    event: "result",
    status: "executed",
    primary: true,
  };
  return [
    placed("decision", second, facts(said), { call, parent: id, ...options(said) }),
    placed("tool_call", second, body, { call, span: id, ...options(said) }),
    placed(
      "observation",
      second + 0.5,
      { state: "reported", trust: "tool_output" },
      { call, parent: id, ...options(said) },
    ),
  ];
};
const join = (records: readonly PlacedRecord[], session = "s1") => joinCalls({ session, records });
/** What became of each tool span: call, method and confidence. */
const answers = (records: readonly PlacedRecord[]) => {
  const spans = new Set(
    records.filter(({ record }) => record.class === "tool_call").map(({ record }) => record.id),
  );
  return join(records)
    .filter(({ body }) => spans.has(body.record))
    .map(({ call, body }) => [call, body.method, body.confidence]);
};

test("a tool span joins the decision of the same tool and arguments, and the two make one action", () => {
  const records = [
    chosen("call_0002fake", 1, { digest: "ls" }),
    ...span("8e35", 2, { digest: "ls" }),
  ];
  expect(answers(records)).toEqual([["call_0002fake", "arguments", "high"]]);
  const groups = groupByCall([...records, ...join(records).map(linkRecord)], "s1");
  expect([...groups.keys()]).toEqual(["call_0002fake"]);
  const classes = groups.get("call_0002fake")?.map(({ record }) => record.class);
  expect(classes?.filter((name) => name !== "link")).toEqual([
    "decision",
    "decision",
    "tool_call",
    "observation",
  ]);
});

test("equal calls are tied in order, one to one, and the one too many stays apart", () => {
  const records = [
    chosen("c1", 1, { digest: "ls" }),
    chosen("c2", 1.5, { digest: "ls" }),
    ...span("a", 3, { digest: "ls" }),
    ...span("b", 4, { digest: "ls" }),
    ...span("c", 5, { digest: "ls" }),
  ];
  expect(answers(records)).toEqual([
    ["c1", "arguments", "medium"],
    ["c2", "arguments", "high"],
    ["span:c", "undecided", "low"],
  ]);
});

test("other arguments, another tool, another session or a later choice tie nothing", () => {
  const tool = span("a", 2, { digest: "ls" });
  const elsewhere = chosen("c1", 1, { digest: "ls", session: "s2" });
  for (const one of [
    chosen("c1", 1, { digest: "rm" }),
    chosen("c1", 1, { digest: "ls", tool: "read" }),
    chosen("c1", 9, { digest: "ls" }),
    elsewhere,
  ]) {
    expect(answers([one, ...tool])).toEqual([["span:a", "undecided", "low"]]);
  }
});

test("a decision under another credential does not attach itself to somebody else's tool span", () => {
  const tool = span("a", 2, { digest: "ls" });
  const forged = chosen("c1", 1, { digest: "ls", auth: otherAgent });
  expect(answers([forged, ...tool])).toEqual([["span:a", "undecided", "low"]]);
  const honest = chosen("c2", 1.2, { digest: "ls" });
  expect(answers([forged, honest, ...tool])).toEqual([["c2", "arguments", "high"]]);
});

test("a choice that was carried out under its own id needs no span", () => {
  const done = placed(
    "tool_call",
    1.5,
    { ...facts({ digest: "ls" }), event: "result", status: "executed", primary: true },
    { call: "c1" },
  );
  const records = [chosen("c1", 1, { digest: "ls" }), done, ...span("a", 2, { digest: "ls" })];
  expect(answers(records)).toEqual([["span:a", "undecided", "low"]]);
});

test("where arguments are withheld the tool alone ties what has one candidate, and nothing where there are two", () => {
  expect(answers([chosen("c1", 1), ...span("a", 2)])).toEqual([["c1", "tool", "low"]]);
  expect(answers([chosen("c1", 1, { digest: "ls" }), ...span("a", 2)])).toEqual([
    ["c1", "tool", "low"],
  ]);
  expect(answers([chosen("c1", 1), chosen("c2", 1), ...span("a", 2)])).toEqual([
    ["span:a", "undecided", "low"],
  ]);
  // One after the other, each has one choice left.
  const turns = [chosen("c1", 1), ...span("a", 2), chosen("c2", 5), ...span("b", 6)];
  expect(answers(turns)).toEqual([
    ["c1", "tool", "low"],
    ["c2", "tool", "low"],
  ]);
});

test("a permission that names the span it stands under is of the call that the span names", () => {
  const verdict = placed(
    "approval",
    1.5,
    { verdict: "deny", by: "human", scope: "once", raw: "denied", primary: true },
    { call: "span:a" },
  );
  const own = (call: string, auth = agentAuth) =>
    placed(
      "tool_call",
      2,
      { ...facts({ digest: "ls" }), event: "result", status: "denied", primary: true },
      { call, span: "a", auth },
    );
  const conclusions = (records: readonly PlacedRecord[]) =>
    join([verdict, ...records]).map(({ call, body }) => [call, body.method]);
  expect(conclusions([own("c1")])).toEqual([["c1", "span"]]);
  expect(conclusions([own("c1"), own("c2")])).toEqual([["span:a", "undecided"]]);
  expect(conclusions([own("c1", otherAgent)])).toEqual([["span:a", "undecided"]]);
});

test("a person's verdict on the span's call moves with it", () => {
  const verdict = placed(
    "approval",
    1.8,
    { verdict: "allow", by: "human", scope: "once", raw: "allow", primary: true },
    { call: "span:a", auth: authorityAuth },
  );
  const records = [chosen("c1", 1, { digest: "ls" }), ...span("a", 2, { digest: "ls" }), verdict];
  const moved = join(records).find(({ body }) => body.record === verdict.record.id);
  expect(moved?.call).toBe("c1");
});

test("a call link counts only in the session it was made for", () => {
  const records = [chosen("c1", 1, { digest: "ls" }), ...span("a", 2, { digest: "ls" })];
  const links = join(records).map(linkRecord);
  const [tool] = records.filter(({ record }) => record.class === "tool_call");
  const moved = placed(
    "link",
    3,
    {
      kind: "trace_session",
      record: tool?.record.id ?? "",
      method: "trace",
      confidence: "high",
      basis: 1,
    },
    { auth: { method: "internal", kind: "internal", subject: "custody" }, session: "s9" },
  );
  const placement = placementBy([...links, moved]);
  expect(tool && placement.of(tool.record)).toMatchObject({ session: "s9", call: "span:a" });
});

const world = fc.record({
  chosen: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 12 }),
      digest: fc.constantFrom("ls", "rm", undefined),
      auth: fc.constantFrom(agentAuth, agentAuth, otherAgent),
      done: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  spans: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 15 }),
      digest: fc.constantFrom("ls", "rm", undefined),
      named: fc.constantFrom("c0", "c1", undefined, undefined),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

test("records in any order, in parts, late and repeated end in the same calls", () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.nat()), (said, dice) => {
      const records = [
        ...said.chosen.flatMap(({ at: second, digest, auth, done }, index) => [
          chosen(`c${index}`, second, { digest, auth }),
          ...(done
            ? [
                placed(
                  "tool_call",
                  second + 1,
                  { ...facts({ digest }), event: "result", status: "executed", primary: true },
                  { call: `c${index}`, auth },
                ),
              ]
            : []),
        ]),
        ...said.spans.flatMap(({ at: second, digest, named }, index) => [
          ...span(`${index}`, second, { digest }),
          ...(named === undefined
            ? []
            : [
                placed(
                  "tool_call",
                  second,
                  { ...facts({ digest }), event: "result", status: "executed", primary: true },
                  { call: named, span: `${index}` },
                ),
              ]),
        ]),
      ];
      const shuffled = records
        .map((record) => ({ record, place: dice.next().value ?? 0 }))
        .sort((left, right) => left.place - right.place)
        .map(({ record }) => record);
      const written: LinkFact[] = [];
      for (let count = 1; count <= shuffled.length; count++) {
        const known = [...shuffled.slice(0, count), ...shuffled.slice(0, 2)];
        written.push(...newLinks(join(known), winningLinkOf(written.map(linkRecord))));
      }
      const places = (links: readonly LinkFact[]) => {
        const placement = placementBy(links.map(linkRecord));
        return records.map(({ record }) => placement.of(record).call);
      };
      expect(places(written)).toEqual(places(join(records)));
    }),
    { numRuns: 500 },
  );
});

/** A request of an MCP client, made in the span `parent`. */
const request = (id: string, parent: string, second: number) => {
  const call = `span:${id}`;
  const body: Body<"tool_call"> = {
    tool: "read_file",
    kind: "mcp",
    arguments_state: "withheld",
    event: "result",
    status: "executed",
    primary: false,
  };
  const attrs = { "mcp.method.name": "tools/call" };
  return placed("tool_call", second, body, { call, span: id, parent, attrs, ...options({}) });
};

test("a request to an MCP server is of the call whose span it was made in, under whatever name", () => {
  const named = placed(
    "tool_call",
    2,
    { ...facts({ tool: "files__read_file" }), event: "result", status: "executed", primary: true },
    { call: "call_1", span: "8e35", ...options({}) },
  );
  const records = [named, request("aa01", "8e35", 2.1)];
  expect(answers(records)).toEqual([["call_1", "span", "high"]]);
  const groups = groupByCall([...records, ...join(records).map(linkRecord)], "s1");
  expect([...groups.keys()]).toEqual(["call_1"]);
});

test("a request inside a tool span without a call id is of the call that the span turns out to be", () => {
  const records = [
    chosen("call_0002fake", 1, { digest: "ls" }),
    ...span("8e35", 2, { digest: "ls" }),
    request("aa01", "8e35", 2.1),
  ];
  expect(answers(records).map(([call]) => call)).toEqual(["call_0002fake", "call_0002fake"]);
});

test("a request that was made in no tool span is a call of its own, and two of one step are two", () => {
  const records = [request("aa01", "57e9", 2), request("aa02", "57e9", 3)];
  expect(answers(records)).toEqual([
    ["span:aa01", "undecided", "low"],
    ["span:aa02", "undecided", "low"],
  ]);
});

test("a span of the same id under another credential leads no request away", () => {
  const stranger = { auth: otherAgent };
  const records = [
    chosen("call_0002fake", 1, { digest: "ls" }),
    ...span("8e35", 2, { digest: "ls" }),
    request("aa01", "8e35", 2.1),
    chosen("evil", 1, { digest: "ls", ...stranger }),
    ...span("8e35", 2, { digest: "ls", ...stranger }),
  ];
  expect(
    answers(records)
      .map(([call]) => call)
      .sort(),
  ).toEqual(["call_0002fake", "call_0002fake", "evil"]);
});
