import { createHash } from "node:crypto";
import type { Body, LedgerRecord, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  agentAuth,
  at,
  authorityAuth,
  internalAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import {
  groupByCall,
  joinApprovals,
  type LinkFact,
  newLinks,
  placementBy,
  winningLinkOf,
} from "./index.ts";

const digest = "d1".repeat(32);
const other = "d2".repeat(32);

/** An execution that begins at a second. */
function run(call: string, second: number, session = "s1", of = digest): PlacedRecord {
  const body = {
    event: "result",
    tool: "shell",
    kind: "exec",
    status: "executed",
    exec_start: at(second),
    action_digest: of,
    arguments_state: "reported",
    primary: true,
  } as const;
  return placed("tool_call", second + 1, body, { call, session });
}

/** A verdict that names the action alone. */
function verdict(
  second: number,
  body: Partial<Body<"approval">> = {},
  over: Parameters<typeof placed>[3] = {},
): PlacedRecord {
  const said = {
    verdict: "allow",
    by: "human",
    scope: "once",
    raw: "chat",
    primary: true,
  } as const;
  const { record, ...place } = placed(
    "approval",
    second,
    { ...said, action_digest: digest, ...body },
    { auth: authorityAuth, ...over },
  );
  const { session: _, ...sessionless } = record;
  return { ...place, record: over.session === undefined ? (sessionless as LedgerRecord) : record };
}

function asRecord(link: LinkFact): PlacedRecord {
  const id = createHash("sha256").update(JSON.stringify(link.key)).digest("hex").slice(0, 32);
  const { session, call = "", body } = link;
  return placed("link", 0, body, { id, session, call, auth: internalAuth, grade: "derived" });
}

const told = (records: readonly PlacedRecord[]): readonly string[] =>
  joinApprovals({ records }).map(
    ({ session, call, body }) => `${session}/${call} ${body.method} ${body.confidence}`,
  );

test("a yes for one time is of the first execution from then on, and a further one is a replay", () => {
  const records = [verdict(5), run("late", 20), run("first", 10), run("else", 30, "s2")];
  expect(told(records)).toEqual([
    "s1/first action_digest high",
    "s1/late replay high",
    "s2/else replay high",
  ]);
});

test("another action, another session than the named one, and an agent's own digest are nothing", () => {
  expect(told([verdict(5), run("c1", 10, "s1", other)])).toEqual([]);
  expect(told([verdict(5, {}, { session: "s2" }), run("c1", 10)])).toEqual([]);
  expect(told([verdict(5, {}, { auth: agentAuth }), run("c1", 10)])).toEqual([]);
  expect(told([verdict(5, { verdict: "ask" }), run("c1", 10)])).toEqual([]);
});

test("one given just after an execution is shown on it; as soon as another follows, on that one", () => {
  const records = [run("c1", 10), verdict(60)];
  expect(told(records)).toEqual(["s1/c1 action_digest medium"]);
  const first = joinApprovals({ records }).map(asRecord);
  expect(told([...records, ...first, run("c2", 90)])).toEqual([
    "s1/c2 action_digest high",
    "s1/c1 undecided low",
  ]);
  expect(told([run("c1", 10), verdict(2_000)])).toEqual([]);
});

test("a refusal is of the first execution alone", () => {
  expect(told([verdict(5, { verdict: "deny" }), run("c1", 10), run("c2", 20)])).toEqual([
    "s1/c1 action_digest high",
  ]);
});

test("a standing yes is of every execution from then on, and not of the call that it names once more", () => {
  const grant = verdict(5, { scope: "standing", grant: "g" }, { session: "s1", call: "c0" });
  expect(told([grant, run("c0", 6), run("c1", 10), run("c2", 20), run("before", 1)])).toEqual([
    "s1/c1 standing_digest high",
    "s1/c2 standing_digest high",
  ]);
});

test("a yes stands on every call that a link shows it on, and on none that a better link took back", () => {
  const yes = verdict(5);
  const records = [yes, run("c1", 10), run("c2", 20)];
  const links = joinApprovals({ records }).map(asRecord);
  const groups = groupByCall([...records, ...links], "s1");
  const classes = (call: string) =>
    groups
      .get(call)
      ?.map(({ record }) => record.class)
      .sort();
  expect(classes("c1")).toEqual(["approval", "link", "tool_call"]);
  expect(classes("c2")).toEqual(["approval", "link", "tool_call"]);
  expect(placementBy(links).further(yes.record.id)).toHaveLength(2);
});

test("however the records come, and however often they are looked at, the same links count in the end", () => {
  const records = [
    verdict(5),
    verdict(15, { raw: "ticket" }),
    verdict(12, { scope: "standing", grant: "g", expires: at(25) }),
    run("c1", 10),
    run("c2", 20),
    run("c3", 30, "s2"),
    run("c0", 1),
  ];
  const counting = (links: readonly PlacedRecord[]): readonly string[] =>
    [...winningLinkOf(links).values()]
      .filter(({ body }) => body.method !== "undecided")
      .map(({ body, session, call }) => `${body.record} ${session}/${call} ${body.method}`)
      .sort();
  const whole = counting(joinApprovals({ records }).map(asRecord));
  expect(whole.length).toBeGreaterThan(5);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(records, { minLength: records.length }),
      fc.array(fc.integer({ min: 1, max: records.length }), { maxLength: 6 }),
      (shuffled, stops) => {
        const written: PlacedRecord[] = [];
        for (const stop of [...stops.sort((left, right) => left - right), records.length]) {
          const found = joinApprovals({ records: [...shuffled.slice(0, stop), ...written] });
          written.push(...newLinks(found, winningLinkOf(written)).map(asRecord));
        }
        expect(counting(written)).toEqual(whole);
      },
    ),
    { numRuns: 200 },
  );
});
