import type { SignalView } from "@custody/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "./captured-agents.ts";
import { capturedBodies, capturedItems, itemsOf, type Named, tell } from "./captured-items.ts";

const all = capturedAgents.flatMap((agent) =>
  capturedScenarios(agent).map((scenario) => [agent, scenario] as const),
);

const identity = ({ dialect, fact }: Named): string =>
  JSON.stringify([dialect, fact.class, fact.key ?? ["by content", JSON.stringify(fact)]]);

/** Identities with how often each occurs, in one order. */
function identities(named: readonly Named[]): readonly string[] {
  return named.map(identity).sort();
}

describe.each(all)("%s %s", (agent, scenario) => {
  const items = capturedItems(agent, scenario);
  const once = tell(items);

  test("no two different facts share an identity", () => {
    const said = new Map<string, string>();
    const clashes: string[] = [];
    for (const named of once.facts) {
      const text = JSON.stringify(named.fact);
      const earlier = said.get(identity(named));
      if (earlier !== undefined && earlier !== text) clashes.push(`${earlier}\n${text}`);
      said.set(identity(named), text);
    }
    expect(clashes).toEqual([]);
  });

  test("a fact that is said once in a body is said once", () => {
    const repeated = capturedBodies(agent, scenario).flatMap((body) => {
      const told = identities(tell(itemsOf(body)).facts);
      return told.filter((name, at) => name === told[at - 1] && !name.includes('"mode"'));
    });
    expect(repeated).toEqual([]);
  });

  test("delivered twice, the capture says nothing that it did not say the first time", () => {
    expect(new Set(identities(tell([...items, ...items]).facts))).toEqual(
      new Set(identities(once.facts)),
    );
  });

  test("shuffled item by item, the capture says the same", () => {
    const expected = identities(once.facts);
    const shuffles = fc.shuffledSubarray([...items], { minLength: items.length });
    fc.assert(
      fc.property(shuffles, (order: readonly SignalView[]) => {
        expect(identities(tell(order).facts)).toEqual(expected);
      }),
      { numRuns: 3, seed: 20261123 },
    );
  });

  test("protobuf and JSON of one body say equal facts and count equal noise", () => {
    for (const body of capturedBodies(agent, scenario)) {
      if (body.encoding !== "protobuf" || body.decoded === undefined) continue;
      const json = tell(itemsOf({ ...body, encoding: "json", bytes: body.decoded }));
      const wire = tell(itemsOf(body));
      expect(json.facts).toEqual(wire.facts);
      expect(json.noise).toEqual(wire.noise);
    }
  });
});

test("no fact of Gemini CLI names a release: the one beside its name is that of Node", () => {
  for (const scenario of capturedScenarios("gemini-cli")) {
    const { facts } = tell(capturedItems("gemini-cli", scenario));
    expect(facts.filter(({ fact }) => fact.agent?.version !== undefined)).toEqual([]);
  }
});
