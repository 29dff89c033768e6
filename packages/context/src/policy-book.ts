import type { LedgerRecord, PlacedRecord, PolicyKind } from "@custody/model";
import { earliestInterval, isPolicyRecord, policyIntervals } from "./policies-in-force.ts";
import { compareText } from "./record-order.ts";
import { shippedPolicies } from "./shipped-policies.ts";

/** Where a version stands at a moment. `void`: approved by nobody who may, as the person who proposed it. */
export type PolicyState = "proposed" | "void" | "future" | "in_force" | "ended";

/** One version of a policy as its records tell it. */
export interface PolicyBookVersion {
  readonly version: number;
  /** Null of a shipped default: no record states one. */
  readonly digest: string | null;
  readonly state: PolicyState;
  readonly proposed_by: string | null;
  readonly proposed_at: string | null;
  readonly approved_by: string | null;
  readonly approved_at: string | null;
  readonly change_ref: string | null;
  /** As its proposal states them. */
  readonly effective_from: string | null;
  readonly effective_to: string | null;
  /** When it counts: never before its approval was heard. Null where it never did, and never will. */
  readonly in_force_from: string | null;
  readonly in_force_to: string | null;
  /** Its stated start lies before its approval was heard: that span is not covered. */
  readonly backdated: boolean;
  readonly record_ids: readonly string[];
  readonly document: Readonly<Record<string, unknown>>;
}

export interface PolicyBookEntry {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly shipped_default: boolean;
  /** Oldest first. */
  readonly versions: readonly PolicyBookVersion[];
}

type PolicyRecord = LedgerRecord<"policy">;

/** Every policy with all its versions as they stand at a moment, and the shipped defaults: in force where nobody published one of their kind. */
export function policyBook(
  records: readonly PlacedRecord[],
  at: string,
): readonly PolicyBookEntry[] {
  const policies = records.map(({ record }) => record).filter(isPolicyRecord);
  const entries = new Map<string, { kind: PolicyKind; name: string; records: PolicyRecord[] }>();
  for (const record of policies) {
    const { kind, name } = record.body;
    const key = JSON.stringify([kind, name]);
    const known = entries.get(key) ?? { kind, name, records: [] };
    known.records.push(record);
    entries.set(key, known);
  }
  const published = [...entries.values()].map(({ kind, name, records: own }) => ({
    kind,
    name,
    shipped_default: false,
    versions: versionsOf(own, records, at),
  }));
  const governed = new Set(
    published
      .filter(({ versions }) => versions.some(({ state }) => state === "in_force"))
      .map(({ kind }) => kind),
  );
  const shipped = shippedPolicies.map(({ kind, name, version, document }) => ({
    kind,
    name,
    shipped_default: true,
    versions: [shippedVersion(version, document, governed.has(kind))],
  }));
  return [...published, ...shipped].sort(
    (left, right) => compareText(left.kind, right.kind) || compareText(left.name, right.name),
  );
}

function versionsOf(
  own: readonly PolicyRecord[],
  records: readonly PlacedRecord[],
  at: string,
): readonly PolicyBookVersion[] {
  const numbers = [...new Set(own.map(({ body }) => body.version))].sort((a, b) => a - b);
  return numbers.flatMap((version) => {
    const same = own
      .filter(({ body }) => body.version === version)
      .toSorted((left, right) => compareText(left.rx, right.rx) || compareText(left.id, right.id));
    const proposal = same.find(
      ({ body }) => body.event === "proposed" && body.document !== undefined,
    );
    if (proposal === undefined) return [];
    const approval = same.find(({ body }) => body.event === "approved");
    const { kind, name, digest } = proposal.body;
    const interval = policyIntervals(records).find(
      (one) =>
        one.kind === kind && one.name === name && one.version === version && one.digest === digest,
    );
    const shown = interval && isEmpty(interval) ? undefined : interval;
    return [
      {
        version,
        digest,
        state: stateOf(approval !== undefined, interval, at),
        proposed_by: proposal.src.auth.subject,
        proposed_at: proposal.rx,
        approved_by: interval?.approver ?? approval?.src.auth.subject ?? null,
        approved_at: (approvalOf(interval, same) ?? approval)?.rx ?? null,
        change_ref: proposal.body.change_ref ?? null,
        effective_from: proposal.body.effective_from ?? null,
        effective_to: proposal.body.effective_to ?? null,
        in_force_from: shown?.from ?? null,
        in_force_to: shown?.to ?? null,
        backdated: interval?.backdated ?? false,
        record_ids: interval?.records ?? same.map(({ id }) => id),
        document: proposal.body.document ?? {},
      },
    ];
  });
}

type Interval = ReturnType<typeof policyIntervals>[number];

function approvalOf(
  interval: Interval | undefined,
  same: readonly PolicyRecord[],
): PolicyRecord | undefined {
  return same.find(({ id, body }) => body.event === "approved" && interval?.records.includes(id));
}

function isEmpty({ from, to }: Interval): boolean {
  return to !== undefined && to <= from;
}

function stateOf(approved: boolean, interval: Interval | undefined, at: string): PolicyState {
  if (interval === undefined) return approved ? "void" : "proposed";
  if (isEmpty(interval)) return "ended";
  if (at < interval.from) return "future";
  return interval.to !== undefined && interval.to <= at ? "ended" : "in_force";
}

function shippedVersion(version: number, document: object, replaced: boolean): PolicyBookVersion {
  return {
    version,
    digest: null,
    state: replaced ? "ended" : "in_force",
    proposed_by: null,
    proposed_at: null,
    approved_by: null,
    approved_at: null,
    change_ref: null,
    effective_from: null,
    effective_to: null,
    in_force_from: replaced ? null : earliestInterval,
    in_force_to: null,
    backdated: false,
    record_ids: [],
    document: document as Readonly<Record<string, unknown>>,
  };
}
