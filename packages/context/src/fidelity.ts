import type {
  ExplainedFact,
  FactOccasions,
  FactState,
  FidelityFact,
  SessionView,
  SourceFact,
} from "@custody/model";
import { factRows, type Heard, type Occasion } from "./fact-occasions.ts";
import { worstState } from "./fact-state.ts";
import {
  mayTell,
  type ProfileLookup,
  type SessionSources,
  sourcesOf,
  wouldTell,
} from "./session-sources.ts";

/** How the sources of one session treated one fact. */
export interface Judgement {
  readonly fact: ExplainedFact;
  readonly column: SourceFact;
  readonly state: FactState;
  readonly occasions: Readonly<Record<FactOccasions, number>>;
}

export interface Judged {
  readonly sources: SessionSources;
  readonly facts: readonly Judgement[];
}

/**
 * The one place where a session's facts are judged, for `fidelity` and for whoever asks why: told, withheld, should have been told and was
 * not, or can never be. One occasion that was held back or lost shows, so that `reported` means every one.
 */
export function judge(heard: Heard, profileOf: ProfileLookup): Judged {
  const sources = sourcesOf(heard.placed, profileOf);
  const facts = factRows.map(({ fact, column, occasions }): Judgement => {
    const found = occasions(heard);
    const states = found.map((occasion) => stateOf(occasion, column, sources));
    return {
      fact,
      column,
      state: states.length === 0 ? idleState(column, sources) : worstState(states),
      occasions: counted(states),
    };
  });
  return { sources, facts };
}

function stateOf({ state, by }: Occasion, column: SourceFact, sources: SessionSources): FactState {
  if (state !== undefined) return state;
  return sources.agentsOf(by).some((source) => wouldTell(source, column)) ? "missing" : "unknown";
}

/** Without an occasion a fact counts as told by a source that can tell it. */
function idleState(column: SourceFact, { agents }: SessionSources): FactState {
  return agents.some((source) => mayTell(source, column)) ? "reported" : "unknown";
}

function counted(states: readonly FactState[]): Judgement["occasions"] {
  const of = (state: FactState): number => states.filter((one) => one === state).length;
  return {
    told: of("reported"),
    withheld: of("withheld"),
    missing: of("missing"),
    unknown: of("unknown"),
  };
}

/** The contract's words for a session, from the same judgement. */
export function fidelityOf({ facts }: Judged): SessionView["fidelity"] {
  const state = (name: FidelityFact): FactState =>
    facts.find(({ fact }) => fact === name)?.state ?? "unknown";
  return {
    prompt: state("prompt"),
    arguments: state("arguments"),
    results: state("results"),
    approvals: state("approvals"),
    sandbox: state("sandbox"),
    egress: state("egress"),
    identity: state("identity"),
  };
}
