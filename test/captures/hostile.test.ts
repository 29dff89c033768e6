import { canonicalText, type SignalView, timeFromText } from "@custody/model";
import { decodeOtlp } from "@custody/otlp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CapturedAgent } from "./captured-agents.ts";
import { capturedItems, tell } from "./captured-items.ts";

const agents: readonly (readonly [CapturedAgent, string])[] = [
  ["codex", "network-proxy"],
  ["codex", "guardian-full-content"],
  ["claude-code", "deny-rules-and-hooks"],
  ["claude-code", "mcp-tools"],
  ["vercel-ai-sdk", "v7-nested-agent"],
  ["vercel-ai-sdk", "v6-approval"],
  ["genai-openai", "chat-tools"],
  ["mastra", "agent-tools"],
  ["mcp", "server-library"],
  ["claude-platform", "tool-runner-content"],
];

interface Attribute {
  readonly key: string;
  readonly value: unknown;
}

/** What an attribute must never hold, and does. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant({}),
  fc.constant({ intValue: "9223372036854775807" }),
  fc.constant({ intValue: "-1" }),
  fc.constant({ doubleValue: 1e308 }),
  fc.constant({ doubleValue: -0.5 }),
  fc.constant({ boolValue: true }),
  fc.constant({ stringValue: "" }),
  fc.constant({ stringValue: "__proto__" }),
  fc.constant({ stringValue: "1e999" }),
  fc.constant({ stringValue: '{"mcp_tool_name":{"toString":1},"exitCode":1.5,"justification":7' }),
  fc.constant({ stringValue: "9".repeat(400) }),
  fc.constant({ arrayValue: { values: [{ stringValue: "a" }, {}] } }),
  fc.constant({ kvlistValue: { values: [{ key: "constructor", value: { stringValue: "x" } }] } }),
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => ({ stringValue: text })),
);

const signals = { span: "traces", log: "logs", metric: "metrics" } as const;

/** The item again with some of its attributes replaced, dropped, or said twice. */
function mutated(
  item: SignalView,
  edits: readonly (readonly [number, unknown])[],
): readonly SignalView[] {
  const text = item.json();
  const request: unknown = JSON.parse(text, (name, value: unknown) => {
    if (name !== "attributes" || !Array.isArray(value) || value.length === 0) return value;
    const attributes = [...(value as readonly Attribute[])];
    for (const [at, edit] of edits) {
      const place = at % attributes.length;
      const key = attributes[place]?.key ?? "";
      if (edit === undefined) attributes.splice(place, 1);
      else if (at % 3 === 0) attributes.push({ key, value: edit });
      else attributes[place] = { key, value: edit };
      if (attributes.length === 0) return attributes;
    }
    return attributes;
  });
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const answer = decodeOtlp(signals[item.signal], "json", bytes);
  return answer.outcome === "ok" ? answer.items : [];
}

describe.each(agents)("items of %s %s with hostile attributes", (agent, scenario) => {
  const items = capturedItems(agent, scenario).filter((item) => item.signal !== "metric");

  test("become facts that have a canonical form, or counted noise, and never throw", () => {
    let seen = 0;
    fc.assert(
      fc.property(
        fc.nat({ max: items.length - 1 }),
        fc.array(fc.tuple(fc.nat({ max: 60 }), fc.option(hostile, { nil: undefined })), {
          minLength: 1,
          maxLength: 6,
        }),
        (which, edits) => {
          const item = items[which];
          if (item === undefined) return;
          for (const again of mutated(item, edits)) {
            const told = tell([again]);
            seen++;
            expect(told.facts.length + told.noise.size).toBeGreaterThan(0);
            for (const { fact } of told.facts) {
              canonicalText(fact.body);
              canonicalText(fact.key ?? []);
              for (const time of [fact.ts, fact.end]) {
                if (time !== undefined) expect(timeFromText(time)).toBe(time);
              }
            }
          }
        },
      ),
      { numRuns: 600, seed: 20261123 },
    );
    expect(seen).toBeGreaterThan(300);
  });
});
