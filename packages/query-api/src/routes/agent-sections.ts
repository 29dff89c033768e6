import type { ExplainedFact, FactExplanation, FactState } from "@custody/model";
import type { Asked, Window } from "@custody/storage/queries";
import { z } from "zod";
import { type AgentFact, type AgentSections, agentFactSchema } from "../contract/agent.ts";
import { driftRowSchema } from "../contract/drift.ts";
import { driftAnswer } from "./drift.ts";
import type { ExplainedSession } from "./session-views.ts";

/** One release of one agent, with its sessions that were looked at, newest first: at least one. */
export interface SeenAgent {
  readonly name: string;
  readonly version: string | null;
  readonly sessions: readonly ExplainedSession[];
}

/** What is said of an agent beside its head: a new thing is a new member of `AgentSections`, here, and in `sectionsOf`. */
export const sectionShape: {
  readonly [K in keyof AgentSections]: z.ZodType<AgentSections[K]>;
} = {
  facts: z.array(agentFactSchema),
  drift: z.array(driftRowSchema),
};

export async function sectionsOf(
  { name, version, sessions }: SeenAgent,
  asked: Asked,
  period: Window,
): Promise<AgentSections> {
  const { items } = await driftAnswer(asked, { ...period, of: { agent: name, version } });
  return { facts: factsOf(sessions), drift: items };
}

/** Worst first: what was lost before what was held back, and that before what nobody can say. */
const order: readonly FactState[] = ["missing", "withheld", "unknown", "reported"];

/** How often each fact was in each state, with the reason of the newest session in which it stood worst. */
function factsOf(sessions: readonly ExplainedSession[]): readonly AgentFact[] {
  const byFact = new Map<ExplainedFact, FactExplanation[]>();
  for (const { fidelity } of sessions) {
    for (const one of fidelity.facts) {
      byFact.set(one.fact, [...(byFact.get(one.fact) ?? []), one]);
    }
  }
  return [...byFact].flatMap(([fact, all]) => {
    const counted = (state: FactState): number => all.filter((one) => one.state === state).length;
    const worst = order
      .map((state) => all.find((one) => one.state === state))
      .find((one) => one !== undefined);
    if (worst === undefined) return [];
    return {
      fact,
      level: worst.level,
      sessions: {
        reported: counted("reported"),
        withheld: counted("withheld"),
        missing: counted("missing"),
        unknown: counted("unknown"),
      },
      why: worst.why,
      remedy: worst.remedy,
    };
  });
}
