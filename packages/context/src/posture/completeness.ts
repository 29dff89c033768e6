import { sum } from "./calls-by-tier.ts";
import type { SourceGroup, WindowFacts } from "./facts.ts";
import { type GapDetail, missingOf } from "./gap-records.ts";
import { heardOf } from "./silence.ts";

/** One who should report and was not heard. `elsewhere`: what observers saw of it meanwhile, which is what makes silence a finding. */
export interface SilentView {
  readonly kind: "device" | "principal" | "agent";
  readonly id: string;
  readonly device: string | null;
  readonly since: string | null;
  readonly elsewhere: { readonly things: number; readonly last_at: string } | null;
}

/** One who spoke. */
export interface SourceView {
  readonly kind: string;
  readonly subject: string;
  readonly agent: string | null;
  readonly version: string | null;
  readonly expected: boolean | null;
  readonly first_at: string;
  readonly last_at: string;
  readonly records: number;
  readonly sessions: number;
  readonly unclean_sessions: number;
  readonly gaps_open: number;
  readonly gaps_closed: number;
  readonly missing: number;
  readonly dropped: number;
  readonly opaque: number;
  readonly strayed: number;
  readonly misdated: number;
  readonly clock_offset_ms_max: number;
  /** Nothing of it since so long before the end of the window. */
  readonly quiet_ms: number;
  /** Quiet for longer than `silent_after_ms` while observers saw it, or what ran under its key, at work. */
  readonly silent: boolean;
}

/** Two populations held against each other: what is on one side alone is what one of them did not see. */
export interface Reconciliation {
  readonly id: "R1" | "R2" | "R3" | "R5";
  readonly title: string;
  readonly left: number;
  readonly right: number;
  readonly matched: number;
  readonly left_only: number;
  readonly right_only: number;
  readonly explained: number;
  readonly residual: number;
  /** Ids or names of some of the residual, the left side first. */
  readonly examples: readonly string[];
}

const examplesMax = 20;

export function reconciliationsOf(facts: WindowFacts): readonly Reconciliation[] {
  return [
    flowsAgainstSessions(facts),
    changesAgainstSessions(facts),
    ...inventory(facts),
    sandboxesAgainstSessions(facts),
  ];
}

interface Sides {
  readonly left: number;
  readonly matched: number;
  readonly right: number;
  readonly rightMatched: number;
  readonly explained?: number;
  readonly examples: readonly string[];
}

function reconciled(id: Reconciliation["id"], title: string, sides: Sides): Reconciliation {
  const { left, matched, right, rightMatched, explained = 0, examples } = sides;
  const left_only = left - matched;
  const right_only = Math.max(0, right - rightMatched);
  const residual = Math.max(0, left_only + right_only - explained);
  const some = examples.slice(0, examplesMax);
  return {
    id,
    title,
    left,
    right,
    matched,
    left_only,
    right_only,
    explained,
    residual,
    examples: some,
  };
}

function flowsAgainstSessions({ flows, sessions }: WindowFacts): Reconciliation {
  const told = flows.filter((flow) => flow.told);
  const reaching = sessions.filter((one) => one.reaching || one.watched);
  return reconciled(
    "R1",
    "flows that observers saw, and sessions with calls that may reach the network",
    {
      left: sum(flows),
      matched: sum(told),
      right: sum(reaching),
      rightMatched: sum(reaching.filter(({ watched }) => watched)),
      examples: [
        ...examplesOf(flows.filter((flow) => !flow.told)),
        ...examplesOf(reaching.filter(({ watched }) => !watched)),
      ],
    },
  );
}

function changesAgainstSessions({ world, calls }: WindowFacts): Reconciliation {
  const changes = world.filter(({ what }) => what === "change");
  const matched = sum(changes.filter(({ tied }) => tied));
  const pushes = calls.filter(({ executed, risk }) => executed && risk.includes("vcs_push"));
  return reconciled("R2", "changes that observers reported, and pushes that agents told", {
    left: sum(changes),
    matched,
    right: sum(pushes),
    rightMatched: Math.min(sum(pushes), matched),
    examples: [...examplesOf(changes.filter(({ tied }) => !tied)), ...examplesOf(pushes)],
  });
}

function inventory({ expected, sources }: WindowFacts): readonly Reconciliation[] {
  if (expected === undefined) return [];
  const all = heardOf(expected, sources);
  const heard = all.filter((one) => one.heard).length;
  const strangers = sources.filter(
    (source) => isAgents(source) && isExpected(source, expected) === false,
  );
  const speaking = sources.filter(isAgents).length;
  return [
    reconciled("R3", "those who should report, and those who did", {
      left: all.length,
      matched: heard,
      right: speaking,
      rightMatched: speaking - strangers.length,
      examples: [
        ...all
          .filter((one) => !one.heard)
          .map(
            ({ entry }) =>
              `${entry.kind} ${entry.id}${entry.device === undefined ? "" : ` on ${entry.device}`}`,
          ),
        ...strangers.map(
          ({ subject, agent }) => `${agent === "" ? "somebody" : agent} on ${subject}`,
        ),
      ],
    }),
  ];
}

function sandboxesAgainstSessions({ world, sessions }: WindowFacts): Reconciliation {
  const sandboxes = world.filter(({ what }) => what === "sandbox");
  const bare = sessions.filter(
    ({ digests, escapes, image }) =>
      digests.length === 0 && escapes === "unsaid" && image === "none",
  );
  return reconciled("R5", "sandboxes that runtimes started, and sessions", {
    left: sum(sandboxes),
    matched: sum(sandboxes.filter(({ tied }) => tied)),
    right: sum(sessions),
    rightMatched: sum(sessions) - sum(bare),
    examples: [...examplesOf(sandboxes.filter(({ tied }) => !tied)), ...examplesOf(bare)],
  });
}

function examplesOf(
  groups: readonly { readonly examples: readonly string[] }[],
): readonly string[] {
  return groups
    .flatMap(({ examples }) => examples)
    .sort()
    .slice(0, examplesMax);
}

/** Whether an inventory names a source; null where there is none. */
export function isExpected(
  { subject, agent }: Pick<SourceGroup, "subject" | "agent">,
  expected: WindowFacts["expected"],
): boolean | null {
  if (expected === undefined || expected.length === 0) return null;
  return expected.some((entry) =>
    entry.kind === "agent"
      ? entry.id === agent && (entry.device === undefined || entry.device === subject)
      : entry.id === subject,
  );
}

export function isAgents({ kind }: Pick<SourceGroup, "kind">): boolean {
  return kind === "agent" || kind === "none";
}

/** Gaps of one sender: its numbers are told under its own key. */
export function gapCounts(
  gaps: readonly GapDetail[],
  subject: string,
): Pick<SourceView, "gaps_open" | "gaps_closed" | "missing"> {
  const own = gaps.filter((gap) => gap.subject === subject);
  const open = own.filter(({ status }) => status === "open");
  return {
    gaps_open: open.length,
    gaps_closed: own.length - open.length,
    missing: open.reduce((total, gap) => total + missingOf(gap), 0),
  };
}
