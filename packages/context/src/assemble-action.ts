import {
  type ActionView,
  actionIdText,
  type FactState,
  findingStates,
  type LedgerRecord,
  millisOf,
  type PlacedRecord,
  stands,
} from "@custody/model";
import { actionSandbox } from "./action-sandbox.ts";
import { type ApprovalSurroundings, approvalViews } from "./approval-view.ts";
import { type CallOutcome, callOutcome } from "./call-status.ts";
import { effectsOf } from "./effects.ts";
import { egressViews } from "./egress-view.ts";
import { argumentsState } from "./fact-occasions.ts";
import { contextLimits } from "./limits.ts";
import type { OpenedContent } from "./opened-content.ts";
import { placementBy } from "./placement.ts";
import type { EgressDocument, TiersDocument } from "./policy-shape.ts";
import { isAgentsOwn, principalOf } from "./principal.ts";
import { compareRecords, compareText, isOf, latest, ofClass, primaryOf } from "./record-order.ts";
import { labelsOf, tierOf } from "./tiers.ts";

export interface ActionOptions {
  readonly tenant: string;
  readonly session: string;
  readonly call: string;
  /** Session and sandbox records of the session that belong to no call. */
  readonly sessionLevel: readonly PlacedRecord[];
  /** The tier table in force at the time of the act. */
  readonly tiers: TiersDocument;
  /** The allow-list in force then, where there is one. */
  readonly egress?: EgressDocument;
  /** What else its approvals are judged by; the shipped requirements, and no grants, where absent. */
  readonly approvals?: Pick<ApprovalSurroundings, "grants" | "approvalPolicies" | "people">;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Composes the dossier of one (session, call) from its records, linked ones included, in whatever order they come (contract 5).
 * `contents` is empty for readers of metadata: what they may not see is null, and its state still says whether the source told it.
 */
export function assembleAction(
  records: readonly PlacedRecord[],
  contents: readonly OpenedContent[],
  options: ActionOptions,
): ActionView {
  const own = withoutLosingLinks(records).toSorted((left, right) =>
    compareRecords(left.record, right.record),
  );
  const outcome = callOutcome(own);
  const subject = subjectOf(own, outcome);
  const span = spanOf(own, outcome);
  const intent = intentOf(own, contents);
  const { session, call, sessionLevel } = options;
  const tier = tierOf(actionLabels(own, options.egress), options.tiers);
  const contested = isContested(own);
  const around = { session, call, tier, tool: subject.tool, sessionLevel, contested };
  return {
    id: actionId(options),
    session,
    turn: own.find(({ record }) => record.turn !== undefined)?.record.turn ?? null,
    call,
    agent: agentName(own, sessionLevel),
    principal: principalOf(own) ?? principalOf(sessionLevel),
    contested,
    ...subject,
    tier,
    ...span,
    intent,
    approvals: approvalViews(own, { ...around, ...options.approvals }),
    sandbox: actionSandbox(own, sessionLevel, options.session, span.ended_at),
    egress: egressViews(own),
    outcome: {
      status: outcome.status,
      success: outcome.result?.body.success ?? null,
      exit_code: outcome.result?.body.exit_code ?? null,
      grade: outcome.grade,
    },
    observation: observationOf(own, contents),
    effects: effectsOf(own, outcome, intent.arguments ?? undefined, contents),
    findings: rulesThatFound(own),
    record_ids: distinctSorted(own.map(({ record }) => record.id)),
  };
}

/** The rules with a finding of this call that stands: not taken back, and not called false by a person. */
function rulesThatFound(records: readonly PlacedRecord[]): readonly string[] {
  const states = [...findingStates(records).values()].filter(stands);
  return distinctSorted(states.map(({ winner }) => winner.body.rule));
}

/** Hex of the first 16 bytes of SHA-256 over (tenant, session, call). */
export function actionId({
  tenant,
  session,
  call,
  sha256,
}: Pick<ActionOptions, "tenant" | "session" | "call" | "sha256">): string {
  const bytes = sha256(new TextEncoder().encode(actionIdText(tenant, session, call)));
  return [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function withoutLosingLinks(records: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const placement = placementBy(records);
  return records.filter(({ record }) => !isOf(record, "link") || placement.holds(record));
}

/**
 * Contested: one id with two claims, or an action told under the credentials of more than one agent. Then neither account alone clears
 * anything (design 3, invariant 6).
 */
function isContested(records: readonly PlacedRecord[]): boolean {
  const saysConflict = ofClass(records, "integrity").some(
    ({ body, src }) => body.kind === "conflict" && src.auth.kind === "internal",
  );
  if (saysConflict) return true;
  const own = records.filter(({ record }) => isAgentsOwn(record));
  return new Set(own.map(({ record }) => record.src.auth.subject)).size > 1;
}

type Tooled = LedgerRecord<"tool_call"> | LedgerRecord<"decision">;

function tooled(records: readonly PlacedRecord[]): readonly Tooled[] {
  return [...ofClass(records, "tool_call"), ...ofClass(records, "decision")];
}

/** What ran, by its result; a source of spans alone names the tool on the decision, and only there. */
function subjectOf(
  records: readonly PlacedRecord[],
  { result }: CallOutcome,
): Pick<ActionView, "tool" | "kind"> {
  const accounts = [
    result,
    latest(ofClass(records, "decision")),
    latest(primaryOf(ofClass(records, "tool_call"))),
  ].filter((record) => record !== undefined);
  const chosen = accounts.find(({ body }) => body.tool !== "unknown") ?? accounts[0];
  const asked = latest(ofClass(records, "approval"))?.body.tool;
  return { tool: chosen?.body.tool ?? asked ?? "unknown", kind: chosen?.body.kind ?? "other" };
}

/** The labels of every record whose arguments were read; of any, where none was: two accounts of one call give the higher tier. */
function actionLabels(
  records: readonly PlacedRecord[],
  egress: EgressDocument | undefined,
): readonly string[] {
  const all = tooled(records);
  const read = all.filter(({ body }) => body.classifier !== undefined);
  return [...new Set((read.length > 0 ? read : all).flatMap(({ body }) => labelsOf(body, egress)))];
}

function spanOf(
  records: readonly PlacedRecord[],
  { result }: CallOutcome,
): Pick<ActionView, "started_at" | "ended_at" | "duration_ms"> {
  const starts = [
    ...tooled(records).map(({ ts }) => ts),
    ...ofClass(records, "tool_call").flatMap(({ body }) => body.exec_start ?? []),
  ].sort(compareText);
  const ended = result === undefined ? null : (result.end ?? result.ts);
  const spanned =
    result?.end === undefined ? null : Math.max(0, millisOf(result.end) - millisOf(result.ts));
  return {
    // An approval may be older than the call it covers; it begins one only where nothing else is known of it.
    started_at: starts[0] ?? records[0]?.record.ts ?? "",
    ended_at: ended,
    duration_ms: result?.body.duration_ms ?? spanned,
  };
}

function intentOf(
  records: readonly PlacedRecord[],
  contents: readonly OpenedContent[],
): ActionView["intent"] {
  const ids = tooled(records)
    .toSorted(
      (left, right) => Number(right.class === "decision") - Number(left.class === "decision"),
    )
    .map(({ id }) => id);
  return {
    arguments: textOf(contents, ids, "arguments"),
    reason: textOf(contents, ids, "reason"),
    state: argumentsState(records),
  };
}

function textOf(
  contents: readonly OpenedContent[],
  ids: readonly string[],
  path: string,
): string | null {
  for (const id of ids) {
    const found = contents.find((item) => item.record === id && item.path === path);
    if (found) return found.text;
  }
  return null;
}

/** The observation with the best state; of equal ones the last. */
function observationOf(
  records: readonly PlacedRecord[],
  contents: readonly OpenedContent[],
): ActionView["observation"] {
  const order: readonly FactState[] = ["reported", "withheld", "missing", "unknown"];
  const all = ofClass(records, "observation");
  const state = order.find((word) => all.some(({ body }) => body.state === word));
  const chosen = latest(all.filter(({ body }) => body.state === state));
  if (chosen === undefined) return null;
  const text = textOf(contents, [chosen.id], "content");
  return {
    bytes: chosen.body.bytes ?? null,
    digest: chosen.body.digest ?? chosen.sd?.["content"] ?? null,
    excerpt: text === null ? null : excerptOf(text),
    trust: chosen.body.trust,
    state: chosen.body.state,
  };
}

/** Never ends inside a surrogate pair. */
function excerptOf(text: string): string {
  const cut = text.slice(0, contextLimits.excerptUnitsMax);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

function agentName(
  records: readonly PlacedRecord[],
  sessionLevel: readonly PlacedRecord[],
): string {
  const named = [...records, ...sessionLevel].filter(
    ({ record }) => record.agent !== undefined && isAgentsOwn(record),
  );
  return named[0]?.record.agent?.name ?? "unknown";
}

function distinctSorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}
