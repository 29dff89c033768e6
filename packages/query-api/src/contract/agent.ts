import type { CrossCheck, ExplainedFact, FactState, SourceLevel } from "@custody/model";
import { z } from "zod";
import type { DriftView } from "./drift.ts";
import { explainedFact, sourceLevel } from "./fidelity.ts";

const count = z.int().nonnegative();

/** How one agent's sessions treated one fact. */
export interface AgentFact {
  readonly fact: ExplainedFact;
  readonly level: SourceLevel | null;
  /** Sessions by the fact's state in them. */
  readonly sessions: Readonly<Record<FactState, number>>;
  /** The reason in the newest session where it stood worst. */
  readonly why: string;
  readonly remedy: string | null;
}

export const agentFactSchema: z.ZodType<AgentFact> = z.object({
  fact: explainedFact,
  level: sourceLevel.nullable(),
  sessions: z.object({ reported: count, withheld: count, missing: count, unknown: count }),
  why: z.string(),
  remedy: z.string().nullable(),
});

/** One release of one agent, as far as its newest sessions show it. Sections add to it (`routes/agent-sections.ts`). */
export interface AgentHead {
  readonly name: string;
  readonly version: string | null;
  /** Sessions looked at in which somebody talked to it. */
  readonly sessions: number;
  readonly last_started_at: string;
  readonly dialects: readonly string[];
}

export const agentHead: {
  readonly [K in keyof AgentHead]: z.ZodType<AgentHead[K]>;
} = {
  name: z.string(),
  version: z.string().nullable(),
  sessions: count,
  last_started_at: z.string(),
  dialects: z.array(z.string()),
};

/** What an agent's answer holds beside its head. */
export interface AgentSections {
  readonly facts: readonly AgentFact[];
  /** How its telemetry strays from what its dialect was written against, the worst first. */
  readonly drift: readonly DriftView[];
  /** What its metrics count that name no session, held against all its sessions of the period together. */
  readonly cross_check: readonly CrossCheck[];
}

export type AgentView = AgentHead & AgentSections;

/** The answer of `GET /v1/agents`: how far it looked is part of what it says. */
export interface AgentsAnswer {
  readonly items: readonly AgentView[];
  readonly next: null;
  readonly looked_at: {
    readonly sessions: number;
    readonly sessions_max: number;
    /** False: older sessions of the period were not looked at. */
    readonly all: boolean;
  };
}
