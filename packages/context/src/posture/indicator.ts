import type { Coverage } from "./silence.ts";

export const layers = ["L-SBX", "L-APR", "L-NET", "L-TEL"] as const;
export type LayerId = (typeof layers)[number];

/** 0 absent · 1 configured · 2 enforced · 3 evidenced for 95 % and more · 4 verified by others and anchored (compliance 8.4). */
export type Level = 0 | 1 | 2 | 3 | 4;

/** Who says how many there are. `telemetry`: the agents themselves, of whom those that are silent are not counted. */
export type DenominatorSource = "expected" | "runtime" | "telemetry" | "unknown";

/** What an indicator found. Null instead of one: there was nothing to judge, and the indicator limits nothing. */
export interface Reading {
  readonly level: Exclude<Level, 4>;
  readonly numerator: number;
  readonly denominator: number;
  readonly source: DenominatorSource;
  /** How many of the numerator rest on the word of somebody other than the agent; the others are reported. */
  readonly observed: number;
  readonly said: string;
  readonly examples?: readonly string[];
}

/** One row of the scorecard: what counts, when each level is reached, and what to do for the next. */
export interface Indicator<F> {
  readonly id: string;
  readonly title: string;
  /** What must hold for levels 1, 2 and 3, in words; below the first it is 0. */
  readonly rules: readonly [one: string, two: string, three: string];
  /** What reaches each next level, as it is typed: from 0, from 1, from 2. */
  readonly next: readonly [fromZero: string, fromOne: string, fromTwo: string];
  /** What is said where there was nothing to judge. */
  readonly nothing: string;
  read(facts: F): Reading | null;
}

/** Something that holds a level down whatever the numbers are. */
export interface Cap {
  readonly level: Level;
  readonly why: string;
  readonly do: string;
}

/** The share of sessions that posture asks for (compliance 8.4). */
export const evidencedShare = 0.95;
export const enforcedShare = 0.8;

export function share(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

/** The usual ladder: none, some, four in five, and 19 in 20. */
export function ladder(numerator: number, denominator: number): Exclude<Level, 4> {
  if (numerator <= 0) return 0;
  const part = share(numerator, denominator);
  if (part >= evidencedShare) return 3;
  return part >= enforcedShare ? 2 : 1;
}

const telemetryCap: Level = 2;

/** What a denominator holds down: a count that only the agents give, and one that leaves out those who are silent. */
export function capsOf(source: DenominatorSource, coverage: Coverage | undefined): readonly Cap[] {
  const caps: Cap[] = [];
  if (source === "telemetry" || source === "unknown") {
    caps.push({
      level: telemetryCap,
      why: "how many there are is known from the agents' own telemetry alone: who is silent is not counted",
      do: "curl -X PUT $COLLECTOR/v1/expected -H 'authorization: Bearer <inventory observer key>' -d @inventory.json",
    });
  }
  // What observers and the collector count does not hang on who speaks.
  const hangs = source !== "runtime" && coverage !== undefined && coverage.expected > 0;
  if (hangs && share(coverage.heard, coverage.expected) < evidencedShare) {
    caps.push({
      level: telemetryCap,
      why: `${coverage.expected - coverage.heard} of ${coverage.expected} that should report were not heard`,
      do: "custody completeness   # names who is silent; then `custody connect <agent>` there",
    });
  }
  return caps;
}
