import { describe, expect, test } from "vitest";
import { capturedAgents, capturedScenarios, writtenOf } from "./captured-agents.ts";
import { capturedItems, tell } from "./captured-items.ts";
import { foundIn } from "./found.ts";
import { expectedTruths, score } from "./truth.ts";

describe.each(capturedAgents)("the facts read from captures of %s", (agent) => {
  const truths = expectedTruths(agent);

  test("every capture has a truth, and every truth a capture", () => {
    expect(Object.keys(truths).sort()).toEqual(capturedScenarios(agent));
  });

  test.each(capturedScenarios(agent))(
    "%s: every exported fact is right, and none is invented",
    (scenario) => {
      const truth = truths[scenario];
      if (truth === undefined) throw new Error("no truth");
      const { facts } = tell(capturedItems(agent, scenario));
      const { wrong, invented } = score(truth, foundIn(facts));
      expect({ wrong, invented }).toEqual({ wrong: [], invented: [] });
      if (truth.session !== undefined) {
        expect(facts.map(({ fact }) => fact.session)).toContain(truth.session);
      }
    },
  );

  test.each(capturedScenarios(agent))("%s: no item of the agent is left to opaque", (scenario) => {
    const { facts } = tell(capturedItems(agent, scenario));
    const names = facts.flatMap(({ fact }) => (fact.class === "opaque" ? [fact.body.name] : []));
    const { foreign = [] } = writtenOf(agent);
    expect(names.filter((name) => !foreign.includes(name))).toEqual([]);
  });
});
