import type { LedgerRecord, PlacedRecord, PolicyKind } from "@custody/model";
import { policyDocument } from "./policy-document.ts";
import type { EgressDocument, PolicyDocuments, TiersDocument } from "./policy-shape.ts";
import { shippedPolicies, shippedTiers } from "./shipped-policies.ts";
import { highestTier } from "./tiers.ts";

/** One version of a policy with the interval in which it counts. */
export interface PolicyInterval<K extends PolicyKind = PolicyKind> {
  readonly kind: K;
  readonly name: string;
  readonly version: number;
  /** Undefined on shipped defaults: a digest is only stated where a record states it. */
  readonly digest: string | undefined;
  readonly author: string | undefined;
  readonly approver: string | undefined;
  readonly from: string;
  /** First moment at which it no longer counts; undefined while it does. */
  readonly to: string | undefined;
  readonly document: PolicyDocuments[K];
  /** The proposing and the approving record. */
  readonly records: readonly string[];
  /** The stated start lies before we heard of the approval: that span is not covered. */
  readonly backdated: boolean;
  readonly shipped: boolean;
}

type PolicyRecord = LedgerRecord<"policy">;

/** Since when shipped defaults count. */
export const earliestInterval = "1970-01-01T00:00:00.000000000Z";

/**
 * The intervals of every approved version. A version counts only if an authority other than its author approved the very document proposed,
 * from max(stated start, rx of the approving record) (design 4). A later start ends the version before it for good.
 */
export function policyIntervals(records: readonly PlacedRecord[]): readonly PolicyInterval[] {
  const known = remembered.get(records);
  if (known !== undefined) return known;
  const intervals = readIntervals(records);
  remembered.set(records, intervals);
  return intervals;
}

/** A page of actions asks about the same records once per action; the list is immutable, so its answer is too. */
const remembered = new WeakMap<readonly PlacedRecord[], readonly PolicyInterval[]>();

function readIntervals(records: readonly PlacedRecord[]): readonly PolicyInterval[] {
  const policies = records.map(({ record }) => record).filter(isPolicyRecord);
  const proposals = new Map<string, PolicyRecord>();
  for (const record of policies) {
    const { event, document } = record.body;
    if (event !== "proposed" || document === undefined) continue;
    const key = versionKey(record);
    const known = proposals.get(key);
    if (known === undefined || earlier(record, known)) proposals.set(key, record);
  }
  const approved = new Map<string, PolicyInterval>();
  for (const record of policies) {
    const proposal = proposals.get(versionKey(record));
    if (record.body.event !== "approved" || proposal === undefined) continue;
    const interval = intervalOf(proposal, record);
    const known = interval && approved.get(versionKey(record));
    if (interval && (known === undefined || interval.from < known.from)) {
      approved.set(versionKey(record), interval);
    }
  }
  return superseded([...approved.values()]);
}

/** The policies in force at a moment, shipped defaults (marked) for the kinds that have no approved one. */
export function policiesInForce(
  records: readonly PlacedRecord[],
  at: string,
): readonly PolicyInterval[] {
  const counting = policyIntervals(records).filter(
    ({ from, to }) => from <= at && (to === undefined || at < to),
  );
  const shipped = shippedPolicies
    .filter(({ kind }) => !counting.some((policy) => policy.kind === kind))
    .map(
      ({ kind, name, version, document }): PolicyInterval => ({
        kind,
        name,
        version,
        document,
        digest: undefined,
        author: undefined,
        approver: undefined,
        from: earliestInterval,
        to: undefined,
        records: [],
        backdated: false,
        shipped: true,
      }),
    );
  return [...counting, ...shipped];
}

/** The documents of one kind in force at a moment, by name; several names of one kind count together. */
export function documentsInForce<K extends PolicyKind>(
  records: readonly PlacedRecord[],
  kind: K,
  at: string,
): readonly PolicyDocuments[K][] {
  return policiesInForce(records, at)
    .filter((policy): policy is PolicyInterval<K> => policy.kind === kind)
    .map(({ document }) => document);
}

/** The allow-list in force at a moment; several of one tenant count together. Undefined where nobody keeps one. */
export function egressInForce(
  records: readonly PlacedRecord[],
  at: string,
): EgressDocument | undefined {
  const documents = documentsInForce(records, "egress", at);
  if (documents.length === 0) return undefined;
  return { default: "deny", rules: documents.flatMap(({ rules }) => rules) };
}

/** The tier table in force: with several names, a call has the highest tier that any of them gives it. */
export function tiersInForce(records: readonly PlacedRecord[], at: string): TiersDocument {
  const documents = documentsInForce(records, "tiers", at);
  if (documents.length === 0) return shippedTiers;
  return {
    rules: documents.flatMap(({ rules }) => rules),
    default: highestTier(documents.map((document) => document.default)) ?? shippedTiers.default,
  };
}

export function isPolicyRecord(record: LedgerRecord): record is PolicyRecord {
  // Only what an authority's own key wrote is authority; an agent's account of a policy is an opaque word.
  return record.class === "policy" && record.src.auth.kind === "authority";
}

function versionKey({ body }: PolicyRecord): string {
  return JSON.stringify([body.kind, body.name, body.version, body.digest]);
}

function earlier(left: PolicyRecord, right: PolicyRecord): boolean {
  return left.rx !== right.rx ? left.rx < right.rx : left.id < right.id;
}

function intervalOf(proposal: PolicyRecord, approval: PolicyRecord): PolicyInterval | undefined {
  const { kind, name, version, digest, effective_from, effective_to } = proposal.body;
  // The people are those whose keys wrote the records, whatever the bodies say.
  const author = proposal.src.auth.subject;
  const approver = approval.src.auth.subject;
  if (author === approver || proposal.body.author === approver) return undefined;
  const parsed = policyDocument(kind, proposal.body.document);
  if (parsed.outcome === "invalid") return undefined;
  const heard = approval.rx;
  return {
    kind,
    name,
    version,
    digest,
    author,
    approver,
    from: effective_from !== undefined && effective_from > heard ? effective_from : heard,
    to: effective_to,
    document: parsed.document,
    records: [proposal.id, approval.id],
    backdated: effective_from !== undefined && effective_from < heard,
    shipped: false,
  };
}

function superseded(intervals: readonly PolicyInterval[]): readonly PolicyInterval[] {
  const ordered = [...intervals].sort(
    (left, right) =>
      compare(left.kind, right.kind) ||
      compare(left.name, right.name) ||
      compare(left.from, right.from) ||
      left.version - right.version,
  );
  return ordered.map((interval, index) => {
    const next = ordered[index + 1];
    if (next?.kind !== interval.kind || next.name !== interval.name) return interval;
    const to = interval.to !== undefined && interval.to < next.from ? interval.to : next.from;
    return { ...interval, to };
  });
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
