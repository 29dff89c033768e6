import type { ExpectedEntry } from "./expected.ts";
import type { SourceGroup, WindowFacts } from "./facts.ts";

/** One who should report: whether its own key, or the agent's name under it, was heard in the window. */
export interface ExpectedHeard {
  readonly entry: ExpectedEntry;
  readonly heard: boolean;
  readonly lastAt: string | null;
}

/**
 * Who of those expected was heard. A device or principal is heard by the subject of its key, which only the credential says; an agent by the name its
 * telemetry gives, under the key of the device where one is named.
 */
export function heardOf(
  expected: readonly ExpectedEntry[],
  sources: readonly SourceGroup[],
): readonly ExpectedHeard[] {
  return expected.map((entry) => {
    const last = sources
      .filter((source) => speaksFor(source, entry))
      .map(({ lastAt }) => lastAt)
      .sort()
      .at(-1);
    return { entry, heard: last !== undefined, lastAt: last ?? null };
  });
}

function speaksFor({ kind, subject, agent }: SourceGroup, entry: ExpectedEntry): boolean {
  const isAgents = kind === "agent" || kind === "none";
  switch (entry.kind) {
    case "device":
      return kind === "agent" && subject === entry.id;
    case "principal":
      return (kind === "agent" || kind === "authority") && subject === entry.id;
    case "agent":
      return (
        isAgents && agent === entry.id && (entry.device === undefined || subject === entry.device)
      );
  }
}

/** How many of those who should report did; undefined where nobody said who should. */
export interface Coverage {
  readonly heard: number;
  readonly expected: number;
}

export function coverageOf({ expected, sources }: WindowFacts): Coverage | undefined {
  if (expected === undefined) return undefined;
  const all = heardOf(expected, sources);
  return { heard: all.filter(({ heard }) => heard).length, expected: all.length };
}
