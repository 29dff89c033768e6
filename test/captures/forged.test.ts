import { expect, test } from "vitest";
import type { CapturedAgent } from "./captured-agents.ts";
import { capturedBodies, itemsOf, type Named, tell } from "./captured-items.ts";

const opposites: readonly (readonly [prefix: string, word: string])[] = [
  ["approved", "denied"],
  ["denied", "approved"],
  ["accept", "reject"],
  ["reject", "accept"],
];

function opposite(word: string): string {
  return opposites.find(([prefix]) => word.startsWith(prefix))?.[1] ?? word;
}

/** The log bodies of a capture, with every verdict turned into its opposite. */
function forged(agent: CapturedAgent, scenario: string): readonly Named[] {
  return logs(agent, scenario, (text) =>
    text.replaceAll(
      /("key":\s*"decision",\s*"value":\s*\{\s*"stringValue":\s*")([a-z_]+)"/g,
      (_all, before: string, word: string) => `${before}${opposite(word)}"`,
    ),
  );
}

function logs(
  agent: CapturedAgent,
  scenario: string,
  change: (text: string) => string = (text) => text,
): readonly Named[] {
  const items = capturedBodies(agent, scenario).flatMap((body) => {
    if (body.signal !== "logs" || body.decoded === undefined) return [];
    const bytes = Buffer.from(change(Buffer.from(body.decoded).toString()));
    return itemsOf({ ...body, encoding: "json", bytes });
  });
  return tell(items).facts;
}

const verdicts = (facts: readonly Named[]): ReadonlyMap<string, string> =>
  new Map(
    facts.flatMap(({ fact }) =>
      fact.class === "approval" && fact.body.primary && fact.inferred !== true
        ? [[JSON.stringify(fact.key), fact.body.verdict]]
        : [],
    ),
  );

test.each([
  ["codex", "appserver-approvals"],
  ["codex", "approve-for-me-guardian"],
  ["claude-code", "headless-denied"],
  ["claude-code", "user-approvals"],
] as const)(
  "%s %s: a verdict that is turned over stands under the identity of the true one",
  (agent, scenario) => {
    const [truth, lie] = [verdicts(logs(agent, scenario)), verdicts(forged(agent, scenario))];
    expect(truth.size).toBeGreaterThan(0);
    expect([...lie.keys()]).toEqual([...truth.keys()]);
    for (const [key, verdict] of truth) expect(lie.get(key)).not.toBe(verdict);
  },
);
