import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { FlowEvidence } from "../evidence.ts";
import { timeOf } from "../record-order.ts";

type Flow = LedgerRecord<"egress">;
type Case = "none_allowed" | "none_denied" | "weak_allowed" | "weak_denied";

/**
 * A flow that an observer saw and that no call explains: nothing that was open named its host (`none`), or time alone speaks for a call (`weak`).
 * What an agent tells of its own network needs no explanation, for nobody would know of it without the agent. A flow without a session is one of
 * its day, together with all to its host.
 */
export const unexplainedEgress: Condition = condition<Readonly<Record<string, never>>, Case>({
  cases: ["none_allowed", "none_denied", "weak_allowed", "weak_denied"],
  inputs: ["egress"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.of("egress").flatMap((flow): readonly Hit<Case>[] => {
      const name = caseOf(flow, story.flowOf(flow.id));
      if (name === undefined) return [];
      const call = story.callOf(flow.id);
      const of = call === undefined ? {} : { call };
      return [{ case: name, at: timeOf(flow), about: flow.id, refs: [flow.id], ...of }];
    }),
  findInDay(day) {
    const hits = new Map<string, { readonly case: Case; readonly at: string; refs: string[] }>();
    for (const flow of day.of("egress")) {
      const name = caseOf(flow, day.flowOf(flow.id));
      if (name === undefined) continue;
      const about = `${day.day} ${flow.body.host}`;
      const key = `${name} ${about}`;
      const known = hits.get(key);
      if (known) known.refs.push(flow.id);
      else hits.set(key, { case: name, at: timeOf(flow), refs: [flow.id] });
    }
    return [...hits].map(([key, hit]) => ({ ...hit, about: key.slice(hit.case.length + 1) }));
  },
});

function caseOf(flow: Flow, evidence: FlowEvidence | undefined): Case | undefined {
  const { action } = flow.body;
  const match = evidence?.match;
  if (flow.grade !== "observed" || action === "asked") return undefined;
  if (match === undefined || match === "explained") return undefined;
  return `${match}_${action}`;
}
