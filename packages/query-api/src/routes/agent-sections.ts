import type { ExplainedSession } from "@custody/context";
import type { ExplainedFact, FactExplanation, FactState } from "@custody/model";
import type { Asked, Window } from "@custody/storage/queries";
import { z } from "zod";
import { type AgentFact, type AgentSections, agentFactSchema } from "../contract/agent.ts";
import { crossCheckSchema } from "../contract/cross-check.ts";
import { driftRowSchema } from "../contract/drift.ts";
import { agentCrossCheck } from "./agent-cross-check.ts";
import { driftAnswer } from "./drift.ts";
import type { SeenAgent } from "./seen-agent.ts";

/** What is said of an agent beside its head: a new thing is a new member of `AgentSections`, here, and in `sectionsOf`. */
export const sectionShape: {
  readonly [K in keyof AgentSections]: z.ZodType<AgentSections[K]>;
} = {
  facts: z.array(agentFactSchema),
  drift: z.array(driftRowSchema),
  cross_check: z.array(crossCheckSchema),
};

export async function sectionsOf(
  agent: SeenAgent,
  asked: Asked,
  period: Window,
): Promise<AgentSections> {
  const { name, version, sessions } = agent;
  const { items } = await driftAnswer(asked, { ...period, of: { agent: name, version } });
  const cross_check = await agentCrossCheck(agent, asked, period);
  return { facts: factsOf(sessions), drift: items, cross_check };
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
