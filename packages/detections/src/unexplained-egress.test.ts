import { expect, test } from "vitest";
import { dayEvidenceOf, evidenceOf, found, foundInDay } from "../../../test/detections/replay.ts";
import { shippedRules } from "../../../test/detections/shipped-rules.ts";
import { agentAuth, placed } from "../../../test/support/placed-record.ts";
import { detect, detectDay } from "./index.ts";

const rule = shippedRules.filter(({ id }) => id === "D-NET-04");

test("fires for a flow that no call explains: high where it went through, low where it was stopped", () => {
  const flows = [
    { second: 1, match: "none" },
    { second: 2, match: "none", body: { action: "denied" } },
  ] as const;
  expect(found("D-NET-04", { flows })).toEqual(["none_allowed high", "none_denied low"]);
});

test("fires, and weighs less, for a flow that time alone lays at a call's door", () => {
  const flows = [
    { second: 1, match: "weak", call: "c1" },
    { second: 2, match: "weak", call: "c1", body: { action: "denied" } },
  ] as const;
  expect(found("D-NET-04", { flows, calls: [{ call: "c1", from: 0 }] })).toEqual([
    "weak_allowed medium c1",
    "weak_denied low c1",
  ]);
});

test("a host that the allow-list lets through is unexplained all the same", () => {
  expect(found("D-NET-04", { flows: [{ second: 1, match: "none", listed: true }] })).toEqual([
    "none_allowed high",
  ]);
});

test("several flows of one session to one host are findings of their own, each about its flow", () => {
  const flows = [1, 2].map((second) => ({ second, match: "none" as const }));
  const evidence = evidenceOf({ flows });
  const findings = detect(rule, evidence);
  expect(findings.map(({ body }) => body.about)).toEqual(
    evidence.records.map(({ record }) => record.id),
  );
});

test("stays silent for what a call explains, for a question, and for what nobody judged", () => {
  const flows = [
    { second: 1, match: "explained" },
    { second: 2, match: "none", body: { action: "asked" } },
    { second: 3 },
  ] as const;
  expect(found("D-NET-04", { flows })).toEqual([]);
});

test("stays silent for what an agent tells of its own network", () => {
  const told = placed(
    "egress",
    1,
    { host: "a.example", port: 443, protocol: "https", action: "allowed", via: "agent" },
    { auth: agentAuth },
  );
  const evidence = evidenceOf({ records: [told] });
  const flows = [{ record: told.record.id, match: "none" as const }];
  expect(detect(rule, { ...evidence, flows })).toEqual([]);
});

test("what no session has is one finding of its day for each host", () => {
  const flows = [
    { second: 1, match: "none" },
    { second: 2, match: "none" },
    { second: 3, match: "none", body: { host: "b.example" } },
    { second: 4, match: "explained", body: { host: "model.example" } },
  ] as const;
  expect(foundInDay("D-NET-04", { flows })).toEqual([
    "none_allowed high 2026-11-23 files.example",
    "none_allowed high 2026-11-23 b.example",
  ]);
  const [first] = detectDay(rule, dayEvidenceOf({ flows }));
  expect(first?.body.refs).toHaveLength(2);
});
