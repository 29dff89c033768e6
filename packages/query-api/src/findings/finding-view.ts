import { hash } from "node:crypto";
import { actionId } from "@custody/context";
import { type FindingState, findingStates, lastDisposition } from "@custody/model";
import type { FoundRecord } from "@custody/storage/queries";
import type { FindingView } from "../contract/finding.ts";
import type { RuleInfo } from "../ports.ts";
import { dueOf } from "./finding-due.ts";

export interface FindingContext {
  readonly tenant: string;
  readonly now: string;
  readonly rules: readonly RuleInfo[];
  /** By the id of the record that holds it; empty for keys that may not read content. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** One finding from everything that rules and people wrote of it; undefined where no rule wrote anything. */
export function findingView(
  records: readonly FoundRecord[],
  context: FindingContext,
): FindingView | undefined {
  const [state] = findingStates(records).values();
  if (state === undefined) return undefined;
  const { winner, said, status, reopened } = state;
  const { body, session, call } = winner;
  const rule = context.rules.find(
    ({ id, version }) => id === body.rule && version === body.rule_version,
  );
  const foundAt = foundAtOf(records, state);
  const due = dueOf(body.severity, foundAt);
  return {
    id: state.finding,
    rule: body.rule,
    rule_version: body.rule_version,
    title: rule?.title ?? null,
    severity: body.severity,
    status,
    reopened,
    case: body.case ?? null,
    about: body.about ?? null,
    agent: winner.agent?.name ?? null,
    session: session ?? null,
    call: call ?? null,
    action: session === undefined || call === undefined ? null : idOf(context, session, call),
    at: winner.ts,
    found_at: foundAt,
    due,
    overdue: status !== "closed" && status !== "withdrawn" && due < context.now,
    owner: said.findLast((one) => one.body.owner !== undefined)?.body.owner ?? null,
    disposition: reopened ? null : (lastDisposition(said) ?? null),
    grade: winner.grade,
    refs: [...body.refs],
    basis: body.basis ?? 0,
    next: rule?.next ?? null,
    history: said.map((one) => ({
      record_id: one.id,
      at: one.rx,
      by: one.src.auth.subject,
      status: one.body.status,
      disposition: one.body.disposition ?? null,
      owner: one.body.owner ?? null,
      reason: context.reasons.get(one.id) ?? null,
    })),
    record_ids: records.map(({ record }) => record.id),
  };
}

/** When it was first written; where it is shown again, when that was. */
function foundAtOf(records: readonly FoundRecord[], { winner, reopened }: FindingState): string {
  if (reopened) return winner.rx;
  const ours = records.filter(({ record }) => record.src.auth.kind === "internal");
  return ours.map(({ record }) => record.rx).sort()[0] ?? winner.rx;
}

function idOf({ tenant }: FindingContext, session: string, call: string): string {
  return actionId({ tenant, session, call, sha256: (bytes) => hash("sha256", bytes, "buffer") });
}
