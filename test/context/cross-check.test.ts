import {
  assembleSession,
  countedMeasures,
  countedTogether,
  crossCheck,
  groupByCall,
  tallyPoints,
} from "@custody/context";
import type { CrossCheck, PlacedRecord } from "@custody/model";
import { describe, expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "../captures/captured-agents.ts";
import { capturedRecords } from "./captured-records.ts";

// What real agents counted in their metrics, held against what their records tell of the same runs.

/** Where the two really differ, and why that is the truth and no fault of the reader. */
const known: Readonly<Record<string, string>> = {
  "codex appserver-cancel tool_calls": "Codex does not count a call that the user cancelled",
  "codex hooks-block tool_calls": "Codex does not count a call that a hook refused",
};

const now = "2026-11-24T09:00:00.000000000Z";

const sessionsIn = (placed: readonly PlacedRecord[]): readonly string[] => [
  ...new Set(placed.flatMap(({ record }) => record.session ?? [])),
];

/** The checks of every session that points name, and one of all sessions together for points that name none. */
function checksIn(placed: readonly PlacedRecord[]): readonly CrossCheck[] {
  const sessions = sessionsIn(placed);
  const named = sessions.flatMap(
    (session) => assembleSession(placed, { session, now })?.cross_check ?? [],
  );
  const counted = sessions.map((session) => {
    const own = placed.filter(({ record }) => record.session === session);
    return countedMeasures(own, groupByCall(own, session));
  });
  const nameless = tallyPoints(placed.filter(({ record }) => record.session === undefined));
  const told = placed.filter(({ record }) => record.class !== "integrity");
  const lastRecordAt =
    told
      .map(({ record }) => record.ts)
      .sort()
      .at(-1) ?? "";
  const options = { lastRecordAt, open: false };
  return [...named, ...crossCheck(nameless, countedTogether(counted), options)];
}

const checks = capturedAgents.flatMap((agent) =>
  capturedScenarios(agent).flatMap((scenario) =>
    checksIn(capturedRecords(agent, scenario)).map((check) => ({
      name: `${agent} ${scenario} ${check.measure}`,
      check,
    })),
  ),
);

describe("records and metrics of the same run", () => {
  test("say the same in every capture, but where what is known is not counted", () => {
    const differ = checks.filter(({ check }) => check.agrees !== true);
    const unknown = differ.filter(({ name }) => !Object.hasOwn(known, name));
    expect(unknown).toEqual([]);
    expect(new Set(differ.map(({ name }) => name))).toEqual(new Set(Object.keys(known)));
  });

  test.each([
    ["codex", ["tool_calls", "starts"]],
    ["claude-code", ["cost_usd_micros", "edit_verdicts", "starts"]],
    ["claude-agent-sdk", ["cost_usd_micros", "edit_verdicts", "starts"]],
    ["gemini-cli", ["inferences", "tool_calls", "tool_calls_failed", "starts"]],
    ["qwen-code", ["inferences", "tool_calls", "tool_calls_failed", "starts"]],
    ["copilot-cli", ["tool_calls", "tool_calls_failed"]],
  ])("are compared for %s: tokens, and what else it counts", (agent, others) => {
    const measures = new Set(
      checks.flatMap(({ name, check }) => (name.startsWith(`${agent} `) ? check.measure : [])),
    );
    for (const measure of ["input_tokens", "cached_input_tokens", "output_tokens", ...others]) {
      expect(measures).toContain(measure);
    }
  });

  test("differ where a record is lost, and the check says by how much", () => {
    const placed = capturedRecords("claude-code", "tool-edit");
    const [session = ""] = sessionsIn(placed);
    const lost = placed.find(
      ({ record }) =>
        record.class === "inference" && "primary" in record.body && record.body.primary,
    );
    const view = assembleSession(
      placed.filter((one) => one !== lost),
      { session, now },
    );
    const check = view?.cross_check?.find(({ measure }) => measure === "input_tokens");
    expect(check?.agrees).toBe(false);
    expect(check?.why).toMatch(/^The metrics count \d+ more than the records tell/);
  });

  test("of a session that its metrics do not name are not compared there", () => {
    const placed = capturedRecords("codex", "tool-edit");
    const [session = ""] = sessionsIn(placed);
    expect(assembleSession(placed, { session, now })).not.toHaveProperty("cross_check");
  });
});
