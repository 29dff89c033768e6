import type { ExplainedSession } from "@custody/context";
import { listSessions } from "@custody/storage/queries";
import { z } from "zod";
import { type AgentHead, type AgentsAnswer, type AgentView, agentHead } from "../contract/agent.ts";
import { pageQuery } from "../contract/page.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { sectionShape, sectionsOf } from "./agent-sections.ts";
import { askedFor } from "./asked.ts";
import type { SeenAgent } from "./seen-agent.ts";
import { explainedSessions } from "./session-views.ts";
import { given } from "./sessions.ts";

/** Sessions that one answer reads whole at most, and by default. */
const sessionsMax = 500;
const sessionsDefault = 100;

const agentsQuery = pageQuery.pick({ from: true, to: true }).extend({
  sessions: z.coerce.number().int().min(1).max(sessionsMax).default(sessionsDefault),
});
const count = z.int().nonnegative();
const answer: z.ZodType<AgentsAnswer> = z.object({
  items: z.array(z.object({ ...agentHead, ...sectionShape })),
  next: z.null(),
  looked_at: z.object({ sessions: count, sessions_max: count, all: z.boolean() }),
});

/** What each agent and release told in its newest sessions: bounded, so the answer says how far it looked. */
export function agentRoutes(ports: ApiPorts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/agents",
      summary: "Agents by release, and what their newest sessions told, fact by fact",
      kinds: readers,
      query: agentsQuery,
      answer,
      async handle(call): Promise<AgentsAnswer> {
        const asked = askedFor(call, ports.reader);
        const { sessions: max, ...rest } = call.query as z.output<typeof agentsQuery>;
        const period = given(rest);
        const page = await listSessions(asked, { ...period, limit: max });
        const ids = page.items.map(({ session }) => session);
        const sessions = await explainedSessions(asked, ids, ports.clock);
        const items: AgentView[] = [];
        for (const agent of seenAgents(sessions, page.next === null)) {
          // One after another, as the sessions were read.
          items.push({ ...headOf(agent), ...(await sectionsOf(agent, asked, period)) });
        }
        const all = page.next === null;
        return {
          items,
          next: null,
          looked_at: { sessions: sessions.length, sessions_max: max, all },
        };
      },
    },
  ];
}

/** By name and release, in the order in which they were last heard of. One that only reported that it started is not there. */
function seenAgents(sessions: readonly ExplainedSession[], all: boolean): readonly SeenAgent[] {
  const seen = new Map<string, ExplainedSession[]>();
  for (const session of sessions.filter(({ view }) => view.conversation)) {
    const { name, version } = session.view.agent;
    const key = JSON.stringify([name, version]);
    seen.set(key, [...(seen.get(key) ?? []), session]);
  }
  return [...seen.values()].flatMap((own) => {
    const agent = own[0]?.view.agent;
    if (agent === undefined) return [];
    return { name: agent.name, version: agent.version, sessions: own, all };
  });
}

function headOf({ name, version, sessions }: SeenAgent): AgentHead {
  const dialects = sessions.flatMap(({ fidelity }) =>
    fidelity.sources.filter(({ speaker }) => speaker === "agent").map(({ dialect }) => dialect),
  );
  return {
    name,
    version,
    sessions: sessions.length,
    last_started_at: sessions[0]?.view.started_at ?? "",
    dialects: [...new Set(dialects)].sort(),
  };
}
