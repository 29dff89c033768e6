import { normaliseItem } from "@custody/dialects";
import type { AnyFact, SignalView } from "@custody/model";
import { type DriftCount, DriftCounts } from "../drift-counts.ts";

/** A fact with the name of the dialect that read it. */
export interface NamedFact {
  readonly dialect: string;
  readonly fact: AnyFact;
}

export interface Normalised {
  readonly facts: readonly NamedFact[];
  /** Items whose name is known to be noise, by dialect and name. */
  readonly noise: ReadonlyMap<string, number>;
  /** Items nobody claimed. */
  readonly opaque: number;
  /** How they strayed from what their dialects were written against. */
  readonly drift: readonly DriftCount[];
}

/** Turns items into facts. Nothing is dropped: an item becomes facts, a counted name, or an `opaque` fact. */
export function normalise(items: readonly SignalView[]): Normalised {
  const facts: NamedFact[] = [];
  const noise = new Map<string, number>();
  const drift = new DriftCounts();
  let opaque = 0;
  for (const item of items) {
    const said: AnyFact[] = [];
    const names: string[] = [];
    const dialect = normaliseItem(item, {
      fact: (fact) => {
        said.push(fact);
      },
      noise: (name) => {
        names.push(name);
      },
      drift: (stray) => {
        drift.add(stray);
      },
    });
    if (dialect === "opaque") opaque++;
    for (const fact of said) facts.push({ dialect, fact });
    for (const name of names) {
      const key = `${dialect}/${name}`;
      noise.set(key, (noise.get(key) ?? 0) + 1);
    }
  }
  return { facts, noise, opaque, drift: drift.rows() };
}
