import { type Drift, type DriftKind, driftKinds } from "@custody/model";
import { maskText } from "@custody/redaction";
import { boundText } from "./pipeline/bound.ts";

/** How often telemetry strayed in one way. */
export interface DriftCount {
  readonly agent: string;
  readonly version: string;
  readonly kind: DriftKind;
  readonly name: string;
  readonly count: number;
}

/** Ways of straying kept apart in one delivery; the rest is counted by kind, under `other`. Three bounded texts each fit a record. */
export const driftRowsMax = 64;
/** Ways held in memory while a delivery is read. */
const driftHeldMax = 1_024;
/** Bytes of an agent's, a release's or an event's name: a sender's own text, so it is masked and cut before anybody keeps it. */
const driftNameBytesMax = 96;
/** Stands for every name that was left out. */
const otherName = "other";

/** Counts how a delivery strays. Nothing is held where nothing does. */
export class DriftCounts {
  readonly #held = new Map<string, { readonly stray: Drift; count: number }>();
  readonly #over = new Map<DriftKind, number>();

  add(stray: Drift): void {
    const key = JSON.stringify([stray.kind, stray.agent, stray.version, stray.name]);
    const known = this.#held.get(key);
    if (known !== undefined) known.count++;
    else if (this.#held.size < driftHeldMax) this.#held.set(key, { stray, count: 1 });
    else this.#over.set(stray.kind, (this.#over.get(stray.kind) ?? 0) + 1);
  }

  /** The worst kinds first, then what strays most, then by name; what goes beyond `driftRowsMax` is counted by kind. */
  rows(): readonly DriftCount[] {
    if (this.#held.size === 0) return [];
    const all = merged([...this.#held.values()]).sort(worstFirst);
    const over = new Map(this.#over);
    for (const { kind, count } of all.slice(driftRowsMax)) {
      over.set(kind, (over.get(kind) ?? 0) + count);
    }
    const rest = driftKinds.flatMap((kind) => {
      const count = over.get(kind);
      return count === undefined ? [] : [other(kind, count)];
    });
    return [...all.slice(0, driftRowsMax), ...rest];
  }
}

/** Names that are alike once masked and cut are one. */
function merged(held: readonly { readonly stray: Drift; readonly count: number }[]): DriftCount[] {
  const rows = new Map<string, DriftCount>();
  for (const { stray, count } of held) {
    const row = {
      agent: nameOf(stray.agent),
      version: nameOf(stray.version ?? ""),
      kind: stray.kind,
      name: nameOf(stray.name),
    };
    const key = JSON.stringify(row);
    rows.set(key, { ...row, count: count + (rows.get(key)?.count ?? 0) });
  }
  return [...rows.values()];
}

/** One line of masked text. A sender that calls something `other` hides it among the rest, and nothing else. */
function nameOf(text: string): string {
  const line = text.slice(0, driftNameBytesMax * 4).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
  return boundText(maskText(line, {}).text, driftNameBytesMax);
}

export function other(kind: DriftKind, count: number): DriftCount {
  return { agent: otherName, version: otherName, kind, name: otherName, count };
}

function worstFirst(left: DriftCount, right: DriftCount): number {
  return (
    driftKinds.indexOf(left.kind) - driftKinds.indexOf(right.kind) ||
    right.count - left.count ||
    (textOf(left) < textOf(right) ? -1 : 1)
  );
}

function textOf({ agent, version, name }: DriftCount): string {
  return JSON.stringify([agent, version, name]);
}
