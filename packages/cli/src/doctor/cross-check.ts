import type { AgentsAnswer, AgentView } from "@custody/query-api";
import type { Diagnosis } from "./diagnosis.ts";

/** A note for each agent and release whose own metrics count something else than its records tell. */
export function diagnoseCrossChecks(answer: AgentsAnswer | undefined): readonly Diagnosis[] {
  return (answer?.items ?? []).flatMap((agent) => {
    const wrong = agent.cross_check.filter(({ agrees }) => agrees === false);
    if (wrong.length === 0) return [];
    const said = wrong.map(
      ({ measure, records, metrics, why }) =>
        `${measure} ${records} in records, ${metrics} in metrics: ${why}`,
    );
    return [{ check: `metrics of ${nameOf(agent)}`, verdict: "note", said: said.join(" ") }];
  });
}

const nameOf = ({ name, version }: AgentView): string =>
  version === null ? name : `${name} ${version}`;
