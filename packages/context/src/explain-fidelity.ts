import {
  type ExplainedFact,
  type FactExplanation,
  type FidelityView,
  type PlacedRecord,
  type RecordClass,
  type SourceCell,
  type SourceFact,
  type SourceLevel,
  sourceLevels,
} from "@custody/model";
import type { Judged, Judgement } from "./fidelity.ts";
import { type AgentSource, nameOf, speakersOf } from "./session-sources.ts";

/** Why each fact of a session is known, or is not. `placed` are the records that were judged. */
export function explainFacts(
  placed: readonly PlacedRecord[],
  judged: Judged,
): Pick<FidelityView, "sources" | "facts"> {
  return {
    sources: speakersOf(placed, judged.sources),
    facts: judged.facts.map((judgement) => explained(judgement, judged, placed)),
  };
}

/** What one source is known to tell of a fact. */
interface Told {
  readonly source: AgentSource;
  readonly cell: SourceCell;
}

function explained(
  judgement: Judgement,
  { sources }: Judged,
  placed: readonly PlacedRecord[],
): FactExplanation {
  const { fact, column, state, occasions } = judgement;
  const outsiders = outsidersOf(fact, placed);
  const written = bestOf(sources.agents, column);
  // Somebody who follows a convention may say more than anybody who was captured.
  const isDisproved = written?.cell.level === "not_exported" && occasions.told > 0;
  const best = isDisproved && outsiders.length === 0 ? undefined : written;
  return {
    fact,
    state,
    level: best?.cell.level ?? null,
    why: why(judgement, sources.agents, best, outsiders),
    remedy: state === "reported" ? null : (best?.cell.remedy ?? otherWays[fact] ?? null),
    occasions,
  };
}

/** Of several sources the one that can tell most: it is the one to ask. */
function bestOf(agents: readonly AgentSource[], column: SourceFact): Told | undefined {
  const known = agents.flatMap((source) =>
    source.profile === undefined ? [] : [{ source, cell: source.profile.facts[column] }],
  );
  return sourceLevels
    .map((level: SourceLevel) => known.find(({ cell }) => cell.level === level))
    .find((told) => told !== undefined);
}

/** Facts that others than the agent tell, and in which records. */
const toldByOthers: Readonly<Partial<Record<ExplainedFact, RecordClass>>> = {
  approvals: "approval",
  sandbox: "sandbox",
  egress: "egress",
};

function outsidersOf(fact: ExplainedFact, placed: readonly PlacedRecord[]): readonly string[] {
  const wanted = toldByOthers[fact];
  const spoke = placed.filter(({ record }) => {
    const { kind } = record.src.auth;
    return record.class === wanted && (kind === "observer" || kind === "authority");
  });
  return [...new Set(spoke.map(({ record }) => record.src.auth.subject))].sort();
}

function why(
  { state, occasions }: Judgement,
  agents: readonly AgentSource[],
  best: Told | undefined,
  outsiders: readonly string[],
): string {
  const known = best && sentenceOf(best, agents.length > 1);
  const due = occasions.told + occasions.withheld + occasions.missing + occasions.unknown;
  switch (state) {
    case "reported":
      if (outsiders.length > 0) return `Told by ${outsiders.join(" and ")}, who is not the agent.`;
      return occasions.told === 0
        ? nothingToTell
        : (known ?? `Told ${times(occasions.told, due)}.`);
    case "withheld":
      return known ?? `Held back at the source ${times(occasions.withheld, due)}.`;
    case "missing":
      // A source that always tells it did not: only that it was lost explains it.
      return best === undefined || best.cell.level === "full" || known === undefined
        ? `Not told ${times(occasions.missing, due)}: cut short, lost, or never sent.`
        : known;
    case "unknown":
      return known ?? nobodySaid(agents);
  }
}

const nothingToTell =
  "There was nothing to tell, and a source that tells it spoke in this session.";

function times(count: number, due: number): string {
  return count === due ? `each time, ${count} in all` : `${count} of ${due} times`;
}

function sentenceOf({ source, cell }: Told, named: boolean): string {
  return named ? `${nameOf(source)}: ${cell.why}` : cell.why;
}

function nobodySaid(agents: readonly AgentSource[]): string {
  if (agents.length === 0) return "No agent reported in this session itself.";
  const names = agents.map(nameOf).join(" and ");
  return `Nothing here says it, and what ${names} can tell was never written down.`;
}

/** What makes a fact come that no setting of the agent brings. */
const otherWays: Readonly<Partial<Record<ExplainedFact, string>>> = {
  approvals:
    "send decisions made outside the agent to `POST /v1/approvals` under an authority's key",
  sandbox: "have the sandbox's runtime attest it: `PUT /v1/sandboxes/{id}` under an observer's key",
  egress:
    "put an egress proxy before the agent and send its log to `POST /v1/egress/…` (its own words or ours) under an observer's key",
  identity:
    "give each person an agent key of their own: `custody keys create --kind agent --subject <who>`",
};
