import { endsWith, type Hole, holesIn, type NumberedEvent } from "@custody/context";
import { expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "./captured-agents.ts";
import { capturedItems, tell } from "./captured-items.ts";

const rx = "2026-11-23T12:00:00.000000000Z";
type Sources = ReadonlyMap<string, readonly NumberedEvent[]>;

/** The numbered events of a capture by source and epoch, as its records say them: each is said by as many records as its event became. */
function numbered(agent: string, scenario: string): Sources {
  const sources = new Map<string, NumberedEvent[]>();
  for (const { fact } of tell(capturedItems(agent, scenario)).facts) {
    if (fact.seq === undefined || fact.ts === undefined) continue;
    const name = JSON.stringify([fact.seq.id, fact.seq.epoch]);
    sources.set(name, [...(sources.get(name) ?? []), { seq: fact.seq.n, ts: fact.ts, rx }]);
  }
  return sources;
}

function holesOf(sources: Sources): readonly Hole[] {
  return [...sources].flatMap(([name, events]) => {
    const others = [...sources].filter(([other]) => other !== name);
    return holesIn(events, (seq, before) =>
      others.some(([, other]) => endsWith(other, seq, before)),
    ).holes;
  });
}

test("no complete capture of any agent has a hole in its numbers, resumed and twice delivered ones included", () => {
  const counted = capturedAgents.flatMap((agent) =>
    capturedScenarios(agent).flatMap((scenario) => {
      const sources = numbered(agent, scenario);
      return sources.size === 0 ? [] : [{ at: `${agent}/${scenario}`, holes: holesOf(sources) }];
    }),
  );
  expect(counted.length).toBeGreaterThan(25);
  expect(counted.filter(({ holes }) => holes.length > 0)).toEqual([]);
});

const ofOneProcess = capturedScenarios("claude-code").filter(
  (scenario) => scenario !== "resume-continue" && numbered("claude-code", scenario).size === 1,
);

test("each single event that is taken out of a capture of Claude Code is a gap of that number, but for the last, which nobody can miss", () => {
  expect(ofOneProcess.length).toBeGreaterThan(20);
  for (const scenario of ofOneProcess) {
    const [[name = "", events = []] = []] = numbered("claude-code", scenario);
    const last = Math.max(...events.map(({ seq }) => seq));
    for (let lost = 0; lost <= last; lost++) {
      const left = new Map([[name, events.filter(({ seq }) => seq !== lost)]]);
      const spans = holesOf(left).map(({ from, to }) => [from, to]);
      expect([scenario, lost, spans]).toEqual([
        scenario,
        lost,
        lost === last ? [] : [[lost, lost]],
      ]);
    }
  }
});

test("of a resumed conversation a number that only the second process lacks is a gap too", () => {
  const sources = numbered("claude-code", "resume-continue");
  const [resumed = ""] = [...sources.keys()].filter((name) =>
    sources.get(name)?.some(({ seq }) => seq === 6),
  );
  const events = sources.get(resumed) ?? [];
  const fifths = [...new Set(events.filter(({ seq }) => seq === 5).map(({ ts }) => ts))].sort();
  expect(fifths).toHaveLength(2);
  const left = new Map(sources).set(
    resumed,
    events.filter(({ seq, ts }) => seq !== 5 || ts !== fifths[1]),
  );
  expect(holesOf(left).map(({ from, to }) => [from, to])).toEqual([[5, 5]]);
});
