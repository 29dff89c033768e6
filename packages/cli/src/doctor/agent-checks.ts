import type { ExplainedFact } from "@custody/model";
import type { AgentFact, AgentsAnswer, AgentView } from "@custody/query-api";
import type { Diagnosis } from "./diagnosis.ts";

/** What an auditor asks for first, and agents tell least. */
const wanted: readonly ExplainedFact[] = ["approvals", "sandbox", "egress", "arguments"];

/** A line for each agent and release that keeps one of these facts to itself, with what would make it tell. */
export function diagnoseAgents(answer: AgentsAnswer | undefined): readonly Diagnosis[] {
  return (answer?.items ?? []).flatMap((agent) => {
    const gaps = agent.facts.flatMap((fact) => gapOf(fact, agent));
    return gaps.length === 0
      ? []
      : [{ check: nameOf(agent), verdict: "note" as const, said: gaps.join("; ") }];
  });
}

function nameOf({ name, version }: AgentView): string {
  return version === null ? `agent ${name}` : `agent ${name} ${version}`;
}

function gapOf({ fact, sessions, remedy }: AgentFact, agent: AgentView): readonly string[] {
  const untold = agent.sessions - sessions.reported;
  if (!wanted.includes(fact) || untold === 0) return [];
  const how = (["missing", "withheld", "unknown"] as const)
    .filter((state) => sessions[state] > 0)
    .join(" or ");
  const todo = remedy === null ? "" : `, to have it: ${remedy}`;
  return [`${fact} ${how} in ${untold} of ${agent.sessions} session(s)${todo}`];
}
