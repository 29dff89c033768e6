import type { PlacedRecord } from "@custody/model";
import type { Hole } from "./sequence-runs.ts";

/** Why numbers are missing, as far as it can be told. `unknown_vendor`: the vendor does not say that its numbers have no holes. */
export type GapCause = "sdk_drop" | "transport" | "unknown" | "unknown_vendor";

/** The detail of `integrity{gap}` about a source's numbers. `from` and `to` are decimal: they may pass 2^53. */
export interface GapDetail {
  readonly kind: "sequence";
  /** The credential's subject and the source's own name: nobody fills a hole of another's. */
  readonly source: string;
  /** With the start of the process behind it where several spoke under one name. */
  readonly epoch: string;
  /** Who said it, and what it says of itself. */
  readonly subject: string;
  readonly said_source: string;
  readonly said_epoch: string;
  readonly from: string;
  readonly to: string;
  readonly cause: GapCause;
  readonly status: "open" | "closed";
  /** The source's time of the event behind the gap: where in time it belongs, whenever it was found. */
  readonly seen_at: string;
  /** Events the conclusion was drawn from: of two records of one gap the greater counts, on a tie the closed one. */
  readonly basis: number;
}

/** Who numbered, as records name it. */
export interface NumberedSource {
  readonly subject: string;
  readonly source: string;
  readonly epoch: string;
}

function gapSourceOf({ subject, source }: NumberedSource): string {
  return `${subject}/${source}`;
}

/** Of all records of each gap the one that counts, whatever order they came in. */
export function gapsOf(records: readonly PlacedRecord[]): readonly GapDetail[] {
  const winners = new Map<string, GapDetail>();
  for (const { record } of records) {
    const detail = detailOf(record);
    if (detail === undefined) continue;
    const key = identity(detail);
    const known = winners.get(key);
    if (known === undefined || beats(detail, known)) winners.set(key, detail);
  }
  return [...winners.values()];
}

export interface Judged extends NumberedSource {
  readonly holes: readonly Hole[];
  readonly basis: number;
  readonly cause: GapCause;
}

/** The records that say what changed: gaps that are new, and gaps that late records closed. `lateBefore`: holes known since later may still fill. */
export function gapChanges(
  judged: Judged,
  known: readonly GapDetail[],
  lateBefore: string,
): readonly GapDetail[] {
  const source = gapSourceOf(judged);
  const standing = new Map(
    known
      .filter((gap) => gap.source === source && gap.said_epoch === judged.epoch)
      .map((gap) => [identity(gap), gap]),
  );
  const { basis, cause } = judged;
  const now = judged.holes.map(({ from, to, run, knownSince, seenAt }) => {
    const epoch = run === "" ? judged.epoch : `${judged.epoch}@${run}`;
    const numbers = { from: String(from), to: String(to) };
    const gap: GapDetail = {
      kind: "sequence",
      source,
      epoch,
      subject: judged.subject,
      said_source: judged.source,
      said_epoch: judged.epoch,
      ...numbers,
      cause,
      status: "open",
      seen_at: seenAt,
      basis,
    };
    return { gap, due: knownSince < lateBefore };
  });
  const still = new Set(now.map(({ gap }) => identity(gap)));
  const opened = now.flatMap(({ gap, due }) =>
    due && standing.get(identity(gap))?.status !== "open" ? [gap] : [],
  );
  const closed = [...standing.values()].flatMap((gap) =>
    gap.status === "open" && !still.has(identity(gap))
      ? [{ ...gap, status: "closed" as const, basis }]
      : [],
  );
  return [...opened, ...closed];
}

/** Everything that tells one record of a gap from every other. */
export function gapKey(gap: GapDetail): readonly string[] {
  return ["gap", gap.source, gap.epoch, gap.from, gap.to, gap.status, String(gap.basis)];
}

/** Numbers that a gap leaves out; at least one. */
export function missingOf({ from, to }: Pick<GapDetail, "from" | "to">): number {
  return Math.max(1, Number(to) - Number(from) + 1);
}

function identity({ source, epoch, from, to }: GapDetail): string {
  return JSON.stringify([source, epoch, from, to]);
}

function beats(one: GapDetail, other: GapDetail): boolean {
  if (one.basis !== other.basis) return one.basis > other.basis;
  return one.status === "closed" && other.status === "open";
}

/** Ours alone: an agent's word never reaches `integrity{gap}`, and one that did would not be believed. */
function detailOf(record: PlacedRecord["record"]): GapDetail | undefined {
  if (record.class !== "integrity" || record.src.auth.kind !== "internal") return undefined;
  const { kind, detail } = record.body as {
    kind: string;
    detail: Readonly<Record<string, unknown>>;
  };
  return kind === "gap" && detail["kind"] === "sequence"
    ? (detail as unknown as GapDetail)
    : undefined;
}
