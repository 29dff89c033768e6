import type { Catalogue } from "./catalogue.ts";
import type { LedgerRange } from "./ledger-range.ts";
import type { ClippedPeriod } from "./period.ts";
import type { PeriodFacts } from "./period-facts.ts";

const noAnchor = "No anchor outside the operator's control exists.";

export interface BlindSpotInput {
  readonly facts: PeriodFacts;
  readonly range: LedgerRange;
  readonly period: ClippedPeriod;
  readonly catalogue: Catalogue;
  readonly ledger: string;
  readonly anchors: number;
}

/** What could not be seen, in sentences of ours made from counts: they stand before every result. Nothing an agent wrote is in them. */
export function blindSpots(input: BlindSpotInput): readonly string[] {
  return [
    ...(input.anchors === 0 ? [noAnchor] : []),
    ...timeSpots(input),
    ...sourceSpots(input),
    ...contentSpots(input.facts),
    "Agents that never report are invisible here; only reconciliation with sources outside them can show one.",
  ];
}

function timeSpots({ period, range, ledger, facts }: BlindSpotInput): string[] {
  const others = range.roster.filter(({ origin }) => origin !== ledger).length;
  return [
    ...said(period.interim, "The period had not ended at export: it is cut at the time of export."),
    ...said(
      !range.isSettled && !period.interim,
      "Records of the period may still come: less than 24 hours lie between its end and the last seal.",
    ),
    ...said(
      range.opening === undefined && range.beganAt > period.start,
      `The ledger began at ${range.beganAt}; nothing before that was recorded in it.`,
    ),
    ...said(
      others > 0,
      `The tenant has ${others} more ${plural(others, "ledger")} that this bundle does not cover.`,
    ),
    ...said(
      facts.coverage.origins > 0,
      "This ledger follows an earlier one that could not be continued; the earlier one is a ledger of its own.",
    ),
    ...said(
      facts.downtimes > 0,
      `The ledger was silent ${facts.downtimes} ${plural(facts.downtimes, "time")}, for ${Math.ceil(facts.silentMs / 1000)} seconds together.`,
    ),
    ...said(
      facts.openGaps > 0,
      `${facts.openGaps} ${plural(facts.openGaps, "gap")} in sources' own numbering ${facts.openGaps === 1 ? "is" : "are"} open: about ${facts.missingRecords} records did not arrive.`,
    ),
  ];
}

function sourceSpots({ facts, catalogue }: BlindSpotInput): string[] {
  const { coverage, reconciliations } = facts;
  const idle = Object.entries(catalogue.reconciliations).filter(
    ([id]) => !reconciliations.includes(id),
  );
  return [
    ...said(
      coverage.observed_flows === 0,
      "No proxy or sandbox network layer reported any flow: what agents reached is known from agents alone.",
    ),
    ...said(
      coverage.observed_sandboxes === 0,
      "No sandbox runtime attested anything: how agents were confined is known from agents alone.",
    ),
    ...said(
      coverage.approvals > 0 && coverage.observed_approvals === 0,
      "No approval came under a person's own credential: all of them are agents' accounts.",
    ),
    ...said(
      coverage.keyless > 0,
      `${coverage.keyless} of ${coverage.records} records came without a key: anything on that machine could have sent them.`,
    ),
    ...policySpots(facts),
    ...said(
      idle.length > 0,
      `Reconciliations that did not run: ${idle.map(([id, text]) => `${id} (${text})`).join("; ")}.`,
    ),
  ];
}

/** A kind of policy that nobody approved, and what is done without it. */
const withoutPolicy: readonly (readonly [kind: string, sentence: string])[] = [
  [
    "tiers",
    "No tiers policy was approved by two persons: the shipped default places actions in tiers.",
  ],
  [
    "egress",
    "No egress policy was approved by two persons: there is no allow-list to test flows against.",
  ],
  [
    "sandbox",
    "No sandbox policy was approved by two persons: there is no profile to test sessions against.",
  ],
];

function policySpots({ policyKinds }: PeriodFacts): string[] {
  return withoutPolicy.filter(([kind]) => !policyKinds.includes(kind)).map(([, text]) => text);
}

function contentSpots({ coverage }: PeriodFacts): string[] {
  const unannounced = coverage.sessions - coverage.known_sessions;
  return [
    ...said(
      coverage.unread_calls > 0,
      `Arguments are withheld, missing or unknown in ${coverage.unread_calls} of ${coverage.calls} records of tool calls: their tier may be too low.`,
    ),
    ...said(
      coverage.opaque > 0,
      `${coverage.opaque} records are opaque: no dialect understood them, and no control reads them.`,
    ),
    ...said(
      unannounced > 0,
      `${unannounced} ${plural(unannounced, "session")} never announced themselves.`,
    ),
    ...said(
      coverage.conflicts > 0,
      `${coverage.conflicts} times two claims under one identity contradicted each other: both are kept, and neither clears anything.`,
    ),
    ...said(
      coverage.retimed > 0,
      `${coverage.retimed} records stated a time more than 24 hours from their receipt; they are placed by receipt.`,
    ),
  ];
}

function said(holds: boolean, sentence: string): string[] {
  return holds ? [sentence] : [];
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
