import { hostAllowed } from "@custody/context";
import { detect, type Evidence } from "@custody/detections";
import type { PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "../captures/captured-agents.ts";
import { capturedRecords } from "../context/captured-records.ts";
import { holdBlock } from "./held-block.ts";
import { judged } from "./judged.ts";
import { evidenceOfAll } from "./session-evidence.ts";
import { shippedRules } from "./shipped-rules.ts";

function evidenceOf(agent: string, scenario: string): readonly Evidence[] {
  const argumentsOf = new Map<string, string>();
  const records = capturedRecords(agent, scenario, undefined, (id, text) => {
    argumentsOf.set(id, text);
  });
  // The captures do not say when their records were heard: each is taken to have been heard at once.
  const heard = records.map(
    ({ record, ...place }): PlacedRecord => ({ ...place, record: { ...record, rx: record.ts } }),
  );
  return evidenceOfAll(heard, argumentsOf).map(({ evidence }) => evidence);
}

const captures = capturedAgents.flatMap((agent) =>
  capturedScenarios(agent).map((scenario) => ({
    name: `${agent}/${scenario}`,
    sessions: evidenceOf(agent, scenario),
  })),
);

test("in the captures the rules find what was judged by hand, and nothing else", () => {
  const found: Record<string, number> = {};
  for (const { name, sessions } of captures) {
    for (const { key } of sessions.flatMap((evidence) => detect(shippedRules, evidence))) {
      const finding = `${name} ${key[1]} ${key[5]}`;
      found[finding] = (found[finding] ?? 0) + 1;
    }
  }
  const expected = judged.flatMap((one) =>
    Object.entries(one.captures).map(([name, count]) => [`${name} ${one.finding}`, count] as const),
  );
  const merged: Record<string, number> = {};
  for (const [finding, count] of expected) merged[finding] = (merged[finding] ?? 0) + count;
  expect(found).toEqual(merged);
});

test("the table of judged findings in the readme is what was judged", () => {
  const calls = captures.flatMap(({ sessions }) => sessions.flatMap((one) => one.calls)).length;
  const count = (one: (typeof judged)[number]): number =>
    Object.values(one.captures).reduce((sum, times) => sum + times, 0);
  holdBlock("judged", [
    `| finding | judged | times in ${calls} calls | per 1,000 calls | why |`,
    "|---|---|---|---|---|",
    ...judged.map(
      (one) =>
        `| ${one.finding} | ${one.verdict} | ${count(one)} | ${Math.round((count(one) * 1_000) / calls)} | ${one.why} |`,
    ),
  ]);
});

/** What D-NET-01 finds in Codex's capture behind its own proxy, under an allow-list of one host. */
function unlisted(host: string): readonly string[] {
  const allow = { default: "deny", rules: [{ id: "r", host, ports: [8801] }] } as const;
  return evidenceOf("codex", "network-proxy").flatMap((evidence) => {
    const flows = evidence.records.flatMap(({ record }) => {
      if (record.class !== "egress" || !("host" in record.body)) return [];
      const { host: reached, port } = record.body;
      return [{ record: record.id, listed: hostAllowed(reached, port, allow).allowed }];
    });
    const [...rules] = shippedRules.filter(({ id }) => id === "D-NET-01");
    return detect(rules, { ...evidence, flows }).map(({ key, body, call }) =>
      [key[5], body.severity, call].join(" "),
    );
  });
}

test("behind Codex's proxy the two hosts that no rule lists are attempts of their calls, and the listed one is nothing", () => {
  expect(unlisted("localhost")).toEqual(["denied low call_0005fake", "denied low call_0008fake"]);
});

test("under an allow-list that does not name it, what the proxy let through is a failed control", () => {
  expect(unlisted("other.example")[0]).toBe("allowed high call_0002fake");
});
