import type { Auth, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linkRecord } from "../../../test/support/link-record.ts";
import {
  agentAuth,
  internalAuth,
  observerAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import {
  assembleSession,
  joinTraces,
  type LinkFact,
  newLinks,
  placementBy,
  winningLinkOf,
} from "./index.ts";

const trace = "312b03f692afa213c5124ccd7d8f4654";
const otherAgent: Auth = { method: "bearer", kind: "agent", subject: "laptop-2" };

interface Spoken {
  readonly span: string;
  readonly parent?: string;
  readonly session?: string;
  readonly auth?: Auth;
}

/** A span that names its session, or one whose trace stands for it. */
const spoken = (second: number, { span, parent, session, auth = agentAuth }: Spoken) =>
  placed(
    "inference",
    second,
    { status: "ok", primary: true, input_tokens: 10 },
    {
      auth,
      trace,
      span,
      session: session ?? trace,
      ...(parent === undefined ? {} : { parent }),
      ...(session === undefined ? { attrs: { "session.source": "trace" } } : {}),
    },
  );
const answers = (records: readonly PlacedRecord[]) =>
  joinTraces(records).map(({ session, body }) => [session, body.method, body.confidence]);

test("the spans of a trace that name no session belong to the one that another span names", () => {
  // The spans of the OpenInference capture with a hand-made tool and agent span: only the model calls carry a session.
  const records = [
    spoken(1, { span: "7c64f3895a23c0b7", parent: "604f02cfaa0ad62e", session: "session-1" }),
    spoken(2, { span: "798d80eb909b64d6", parent: "604f02cfaa0ad62e", session: "session-1" }),
    spoken(3, { span: "8e35efe682252c56", parent: "604f02cfaa0ad62e" }),
    spoken(4, { span: "604f02cfaa0ad62e" }),
  ];
  expect(answers(records)).toEqual([
    ["session-1", "trace", "high"],
    ["session-1", "trace", "high"],
  ]);
  const all = [...records, ...joinTraces(records).map(linkRecord)];
  const now = "2026-11-23T08:00:00.000000000Z";
  expect(assembleSession(all, { session: "session-1", now })?.counts.inferences).toBe(4);
  expect(assembleSession(all, { session: trace, now })).toBeUndefined();
});

test("a trace that names no session stays one of its own, and a trace without loose spans needs no link", () => {
  expect(joinTraces([spoken(1, { span: "a" }), spoken(2, { span: "b", parent: "a" })])).toEqual([]);
  expect(joinTraces([spoken(1, { span: "a", session: "s1" })])).toEqual([]);
});

test("of several sessions in one trace the nearest span above decides, and where none does the record stays apart", () => {
  const records = [
    spoken(1, { span: "root" }),
    spoken(2, { span: "first", parent: "root", session: "s1" }),
    spoken(3, { span: "second", parent: "root", session: "s2" }),
    spoken(4, { span: "step", parent: "first" }),
    spoken(5, { span: "tool", parent: "step" }),
    spoken(6, { span: "lost", parent: "never-sent" }),
  ];
  expect(answers(records)).toEqual([
    [trace, "undecided", "low"],
    ["s1", "ancestor", "medium"],
    ["s1", "ancestor", "medium"],
    [trace, "undecided", "low"],
  ]);
});

test("where no span above decides, the conversation that began the others of the trace is the one", () => {
  const began = (second: number, session: string, by: string) =>
    placed("session", second, { event: "seen", parent_session: by }, { trace, session });
  const records = [
    spoken(1, { span: "child", session: "s2" }),
    spoken(2, { span: "top", session: "s1" }),
    spoken(4, { span: "lost", parent: "never-sent" }),
    began(3, "s2", "s1"),
  ];
  expect(answers(records)).toEqual([["s1", "outermost", "low"]]);
  // Sessions that each say the other began them leave it open.
  expect(answers([...records, began(5, "s1", "s2")])).toEqual([[trace, "undecided", "low"]]);
});

test("a span that two sessions claim decides nothing, and spans that claim each other as parent end the walk", () => {
  const twice = [
    spoken(1, { span: "above", session: "s1" }),
    spoken(2, { span: "above", session: "s2" }),
    spoken(3, { span: "below", parent: "above" }),
  ];
  const ring = [
    spoken(1, { span: "x", session: "s1" }),
    spoken(2, { span: "y", session: "s2" }),
    spoken(3, { span: "a", parent: "b" }),
    spoken(4, { span: "b", parent: "a" }),
  ];
  expect(answers(twice)).toEqual([[trace, "undecided", "low"]]);
  expect(answers(ring).map(([, method]) => method)).toEqual(["undecided", "undecided"]);
});

test("a name under another credential draws nothing into its session, nor does one of an observer", () => {
  const loose = spoken(1, { span: "a" });
  const stranger = spoken(2, { span: "b", parent: "a", session: "evil", auth: otherAgent });
  const observer = spoken(3, { span: "a", session: "evil", auth: observerAuth });
  expect(joinTraces([loose, stranger, observer])).toEqual([]);
});

test("a link counts only if it is ours, and only for the record that it names", () => {
  const records = [spoken(1, { span: "a" }), spoken(2, { span: "b", session: "s1" })];
  const [link] = joinTraces(records).map(linkRecord);
  expect(link).toBeDefined();
  if (link === undefined) return;
  const [loose] = records;
  const forged = {
    ...link,
    record: { ...link.record, src: { ...link.record.src, auth: otherAgent } },
  };
  expect(loose && placementBy([link]).of(loose.record).session).toBe("s1");
  expect(loose && placementBy([forged]).of(loose.record).session).toBe(trace);
  expect(link.record.src.auth).toEqual(internalAuth);
});

const world = fc.array(
  fc.record({
    span: fc.constantFrom("a", "b", "c", "d", "e"),
    parent: fc.constantFrom("a", "b", "c", undefined),
    session: fc.constantFrom("s1", "s2", undefined, undefined),
    auth: fc.constantFrom(agentAuth, agentAuth, otherAgent),
  }),
  { minLength: 1, maxLength: 8 },
);

test("spans in any order, late and repeated end in the same sessions", () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.nat()), (spans, dice) => {
      const records = spans.map(({ span, parent, session, auth }, second) =>
        spoken(second, { span, auth, ...(parent && { parent }), ...(session && { session }) }),
      );
      const shuffled = records
        .map((record) => ({ record, place: dice.next().value ?? 0 }))
        .sort((left, right) => left.place - right.place)
        .map(({ record }) => record);
      const written: LinkFact[] = [];
      for (let count = 1; count <= shuffled.length; count++) {
        const known = [...shuffled.slice(0, count), ...shuffled.slice(0, 2)];
        written.push(...newLinks(joinTraces(known), winningLinkOf(written.map(linkRecord))));
      }
      const places = (links: readonly LinkFact[]) => {
        const placement = placementBy(links.map(linkRecord));
        return records.map(({ record }) => placement.of(record).session);
      };
      expect(places(written)).toEqual(places(joinTraces(records)));
    }),
    { numRuns: 500 },
  );
});
