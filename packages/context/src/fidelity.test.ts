import type { Body, PlacedRecord, SourceCell, SourceFact, SourceProfile } from "@custody/model";
import { sourceFacts } from "@custody/model";
import { expect, test } from "vitest";
import { at, observerAuth, placed } from "../../../test/support/placed-record.ts";
import { explainSession, type ProfileLookup } from "./index.ts";

const tool = { tool: "exec_command", kind: "exec" } as const;
const ran = (call: string, second: number, over: Partial<Body<"tool_call">> = {}): PlacedRecord =>
  placed(
    "tool_call",
    second,
    {
      ...tool,
      event: "result",
      status: "executed",
      arguments_state: "reported",
      primary: true,
      ...over,
    },
    { call },
  );
const allowed = (call: string, second: number): PlacedRecord =>
  placed(
    "approval",
    second,
    { verdict: "allow", by: "policy", scope: "once", raw: "ok", primary: true },
    { call },
  );

/** A profile that says the same of every fact but those named. */
function profile(
  rest: SourceCell["level"],
  named: Partial<Record<SourceFact, SourceCell["level"]>> = {},
  title = "Agent",
): SourceProfile {
  const cell = (fact: SourceFact): SourceCell => ({
    level: named[fact] ?? rest,
    why: `${title} tells ${fact} ${named[fact] ?? rest}.`,
    remedy: `turn on ${fact}`,
    fixture: "none/none",
  });
  return {
    title,
    facts: Object.fromEntries(
      sourceFacts.map((fact) => [fact, cell(fact)]),
    ) as SourceProfile["facts"],
  };
}

function explain(records: readonly PlacedRecord[], profileOf: ProfileLookup = () => undefined) {
  const found = explainSession(records, { session: "s1", now: at(10), profileOf });
  if (found === undefined) throw new Error("no session");
  const facts = new Map(found.fidelity.facts.map((one) => [one.fact, one]));
  return {
    view: found.view,
    sources: found.fidelity.sources,
    of: (name: string) => facts.get(name as never),
  };
}

test("a source whose start never arrived is judged by what is written down of it", () => {
  const records = [ran("c1", 1)];
  const nobody = explain(records);
  expect(nobody.view.fidelity).toMatchObject({
    results: "unknown",
    approvals: "unknown",
    sandbox: "unknown",
  });
  const always = explain(records, () => profile("full"));
  expect(always.view.fidelity).toMatchObject({
    results: "missing",
    approvals: "missing",
    sandbox: "missing",
  });
  expect(always.of("results")).toMatchObject({ occasions: { told: 0, missing: 1 }, level: "full" });
  // Silence of a source that tells it now and then proves nothing.
  const sometimes = explain(records, () => profile("partial"));
  expect(sometimes.view.fidelity).toMatchObject({
    results: "unknown",
    approvals: "unknown",
    sandbox: "unknown",
  });
});

test("what a session's own start leaves out is never missing, whatever is written down", () => {
  const start = placed("session", 0, { event: "start", can: ["results"] });
  const { view } = explain([start, ran("c1", 1)], () => profile("full"));
  expect(view.fidelity).toMatchObject({
    results: "missing",
    approvals: "unknown",
    sandbox: "unknown",
  });
});

test("a command that ran without a verdict shows, beside one that had one", () => {
  const start = placed("session", 0, { event: "start", can: ["approvals"] });
  const { of } = explain([start, allowed("c1", 1), ran("c1", 2), ran("c2", 3)]);
  expect(of("approvals")).toMatchObject({ state: "missing", occasions: { told: 1, missing: 1 } });
});

test("what was refused before it ran, and what nobody decides on, is no occasion for a verdict", () => {
  const start = placed("session", 0, { event: "start", can: ["approvals", "results"] });
  const { of } = explain([
    start,
    allowed("c1", 1),
    ran("c1", 2),
    ran("c2", 3, { status: "denied" }),
    ran("c3", 4, { kind: "agent", tool: "spawn" }),
  ]);
  expect(of("approvals")).toMatchObject({ state: "reported", occasions: { told: 1, missing: 0 } });
  // Both calls that ran had a result to tell.
  expect(of("results")).toMatchObject({ state: "missing", occasions: { missing: 2 } });
});

test("what a source says it cannot tell stays unknown, even where it tells it elsewhere", () => {
  const start = placed("session", 0, { event: "start", can: ["prompt"] });
  const turn = placed("turn", 1, { event: "start", prompt_state: "unknown" });
  expect(explain([start, turn]).of("prompt")).toMatchObject({
    state: "unknown",
    occasions: { unknown: 1 },
  });
});

test("silence of a source that tells a fact now and then proves nothing, though its start names it", () => {
  const start = placed("session", 0, { event: "start", can: ["sandbox", "results"] });
  const named = { ...profile("partial"), agent: "codex" };
  const { view } = explain([start, ran("c1", 1)], () => named);
  expect(view.fidelity).toMatchObject({ sandbox: "unknown", results: "unknown" });
  // A convention's profile stands for many: there the sender's own start says what it tells.
  const follower = explain([start, ran("c1", 1)], () => profile("partial"));
  expect(follower.view.fidelity).toMatchObject({ sandbox: "missing", results: "missing" });
});

test("an agent that tells what nobody of its convention was seen to tell is believed", () => {
  const { of } = explain([ran("c1", 1)], () => profile("not_exported"));
  expect(of("arguments")).toMatchObject({ state: "reported", level: null });
  expect(of("arguments")?.why).toBe("Told each time, 1 in all.");
  expect(of("sandbox")).toMatchObject({ state: "unknown", level: "not_exported" });
});

test("without an occasion a fact counts as told by a source that tells it at all, but for connections", () => {
  const turn = placed("turn", 1, { event: "start", prompt_state: "reported" });
  expect(explain([turn], () => profile("partial")).view.fidelity).toMatchObject({
    arguments: "reported",
    approvals: "reported",
    egress: "unknown",
  });
  expect(explain([turn], () => profile("withheld")).view.fidelity).toMatchObject({
    arguments: "unknown",
    approvals: "unknown",
  });
});

test("several records of one turn are one prompt, told if one of them tells it", () => {
  const log = placed("turn", 1, { event: "start", prompt_state: "reported" }, { turn: "t1" });
  const span = placed("turn", 2, { event: "start", prompt_state: "missing" }, { turn: "t1" });
  expect(explain([log, span]).of("prompt")).toMatchObject({
    state: "reported",
    occasions: { told: 1, missing: 0 },
  });
});

test("what an observer told is told, and the reason names the observer", () => {
  const flow = placed(
    "egress",
    3,
    { host: "a.example", port: 443, protocol: "https", action: "allowed", via: "proxy" },
    { auth: observerAuth },
  );
  const { view, of, sources } = explain([ran("c1", 1), flow], () => profile("not_exported"));
  expect(view.fidelity.egress).toBe("reported");
  expect(of("egress")).toMatchObject({ level: "not_exported", remedy: null });
  expect(of("egress")?.why).toContain("proxy-1");
  expect(sources.map(({ speaker, name }) => [speaker, name])).toEqual([
    ["agent", "codex (Agent)"],
    ["observer", "proxy-1"],
  ]);
});

test("of several agents in a session the one that could tell most is named, with its remedy", () => {
  const child = { dialect: { name: "genai", version: "1" }, agent: { name: "child" } };
  const records = [ran("c1", 1), placed("inference", 2, { status: "ok", primary: true }, child)];
  const { of } = explain(records, (dialect) =>
    dialect === "genai"
      ? profile("not_exported", { sandbox: "withheld" }, "Convention")
      : profile("not_exported", {}, "Codex"),
  );
  expect(of("sandbox")).toMatchObject({
    state: "unknown",
    level: "withheld",
    why: "child (Convention): Convention tells sandbox withheld.",
    remedy: "turn on sandbox",
  });
});

test("an answer without tokens is missing only from a source that always tells them", () => {
  const answer = placed("inference", 1, { status: "ok", primary: true });
  const failed = placed("inference", 2, { status: "error", primary: true });
  const told = placed("inference", 3, { status: "ok", primary: true, input_tokens: 5 });
  const records = [answer, failed, told];
  expect(explain(records, () => profile("full")).of("tokens")).toMatchObject({
    state: "missing",
    occasions: { told: 1, missing: 1 },
  });
  expect(explain(records, () => profile("partial")).of("tokens")).toMatchObject({
    state: "unknown",
    occasions: { told: 1, unknown: 1 },
  });
});

test("a choice whose call is told by its span is not lost while it waits to be tied to it", () => {
  const chosen = placed(
    "decision",
    1,
    { ...tool, arguments_state: "reported" },
    { call: "call_1" },
  );
  const named = { ...profile("full"), agent: "codex" };
  const untold = explain([chosen], () => named);
  expect(untold.of("tool_call")).toMatchObject({ state: "missing", occasions: { missing: 1 } });
  const waiting = explain([chosen, ran("span:0123456789abcdef", 2)], () => named);
  expect(waiting.of("tool_call")).toMatchObject({ state: "reported", occasions: { told: 1 } });
});

test("a conversation in which nobody named a turn has lost none", () => {
  const answer = placed("inference", 1, { status: "ok", primary: true, input_tokens: 5 });
  expect(explain([answer], () => profile("full")).of("turn")).toMatchObject({
    state: "unknown",
    occasions: { told: 0, missing: 0, unknown: 1 },
  });
});

test("a trace that stands in for a conversation names no session", () => {
  const attrs = { "session.source": "trace" };
  const traced = placed("inference", 1, { status: "ok", primary: true }, { attrs });
  expect(explain([traced]).of("session")).toMatchObject({ state: "unknown" });
  expect(explain([traced, ran("c1", 2)]).of("session")).toMatchObject({ state: "reported" });
});
