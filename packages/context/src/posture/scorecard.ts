import { approvalIndicators } from "./approval-indicators.ts";
import type { TierCounts } from "./calls-by-tier.ts";
import { type Evidence, evidenceOf, type FlowTotals } from "./evidence.ts";
import type { WindowFacts } from "./facts.ts";
import {
  type Cap,
  capsOf,
  type DenominatorSource,
  type Indicator,
  type LayerId,
  type Level,
  layers,
} from "./indicator.ts";
import { networkIndicators } from "./network-indicators.ts";
import { sandboxIndicators } from "./sandbox-indicators.ts";
import type { Coverage } from "./silence.ts";
import { telemetryIndicators } from "./telemetry-indicators.ts";

/** `unknown`: nobody named who should report. */
type CoverageView = (Coverage & { readonly share: number }) | "unknown";

interface CapView {
  readonly level: Level;
  readonly why: string;
}

interface NextStep {
  readonly level: Level;
  /** As it is typed. */
  readonly do: string;
}

export interface IndicatorView {
  readonly id: string;
  readonly title: string;
  /** Null: there was nothing to judge, and it holds nothing down. */
  readonly level: Level | null;
  readonly numbers: {
    readonly numerator: number;
    readonly denominator: number;
    readonly denominator_source: DenominatorSource;
  } | null;
  readonly coverage: CoverageView;
  /** Of the numerator: what rests on the word of somebody other than the agent, and what the agent alone says. */
  readonly grades: { readonly observed: number; readonly reported: number };
  readonly said: string;
  readonly rules: readonly string[];
  readonly capped_by: readonly CapView[];
  readonly next: NextStep | null;
  readonly examples: readonly string[];
}

export interface LayerView {
  readonly layer: LayerId;
  readonly title: string;
  readonly level: Level;
  readonly coverage: CoverageView;
  /** The indicator that holds the layer down; where a cap lies lower, the cap does. */
  readonly limiting: string;
  readonly capped_by: readonly CapView[];
  readonly next: NextStep | null;
  readonly trend: { readonly previous: Level; readonly change: number };
  readonly indicators: readonly IndicatorView[];
}

export interface Scorecard {
  readonly from: string;
  readonly to: string;
  readonly overall: {
    readonly level: Level;
    readonly vector: Readonly<Record<LayerId, Level>>;
    readonly coverage: CoverageView;
    readonly limiting: { readonly layer: LayerId; readonly indicator: string };
  };
  /** Whether the agents run under the account that holds Custody's keys, as far as records show. */
  readonly account: { readonly shared: "assumed" | "not_known"; readonly why: string };
  readonly layers: readonly LayerView[];
  /** Actions by tier under the policies in force at the time of each act, and under what came with the product. */
  readonly tiers: {
    readonly used: readonly TierCounts[];
    readonly shipped: readonly TierCounts[];
    /** Actions that the policies used put lower, or take as approved, where the shipped default does not. */
    readonly loosened: number;
  };
  readonly approvals: WindowFacts["approvals"] & {
    readonly hasty_share: number | null;
    readonly denied_rate: number | null;
    readonly bypass_sessions: { readonly waived: number; readonly unwaived: number };
  };
  readonly flows: FlowTotals;
  readonly anchors: { readonly count: number; readonly said: string };
  /** A list was longer than is read: numbers are lower bounds. */
  readonly cut: boolean;
}

const titles: Readonly<Record<LayerId, string>> = {
  "L-SBX": "sandboxed execution",
  "L-APR": "per-action approvals",
  "L-NET": "network policy",
  "L-TEL": "agent-native telemetry",
};

/** Every indicator of the scorecard, one row each (compliance 8.4). */
export const indicatorTable: Readonly<Record<LayerId, readonly Indicator<Evidence>[]>> = {
  "L-SBX": sandboxIndicators,
  "L-APR": approvalIndicators,
  "L-NET": networkIndicators,
  "L-TEL": telemetryIndicators,
};

/** The scorecard of a window, with the window before it for the trend. Each layer has the level of its worst indicator: nothing is averaged. */
export function scorecardOf(facts: WindowFacts, before: WindowFacts): Scorecard {
  const evidence = evidenceOf(facts);
  const account = accountOf(facts);
  const earlier = new Map(layersOf(evidenceOf(before)).map(({ layer, level }) => [layer, level]));
  const found = layersOf(evidence).map((layer) => withTrend(layer, earlier.get(layer.layer) ?? 0));
  const level = Math.min(...found.map((layer) => layer.level)) as Level;
  const worst = found.find((layer) => layer.level === level);
  const { approvals } = facts;
  return {
    from: facts.from,
    to: facts.to,
    overall: {
      level,
      vector: Object.fromEntries(found.map((layer) => [layer.layer, layer.level])) as Record<
        LayerId,
        Level
      >,
      coverage: coverageView(evidence.coverage),
      limiting: { layer: worst?.layer ?? "L-SBX", indicator: worst?.limiting ?? "" },
    },
    account: {
      shared: account === undefined ? "not_known" : "assumed",
      why: account?.why ?? accountUnknown,
    },
    layers: found,
    tiers: {
      used: evidence.tiers,
      shipped: evidence.shippedTiers,
      loosened: evidence.loosened,
    },
    approvals: {
      ...approvals,
      hasty_share: approvals.timed === 0 ? null : approvals.hasty / approvals.timed,
      denied_rate: approvals.decided === 0 ? null : approvals.denied / approvals.decided,
      bypass_sessions: evidence.bypassed,
    },
    flows: evidence.flows,
    anchors: { count: facts.ground.anchors, said: anchorsSaid(facts) },
    cut: facts.cut,
  };
}

function layersOf(evidence: Evidence): readonly Omit<LayerView, "trend">[] {
  const caps = layerCaps(evidence.facts);
  return layers.map((layer) => layerOf(layer, evidence, caps));
}

function layerOf(
  layer: LayerId,
  evidence: Evidence,
  caps: readonly Cap[],
): Omit<LayerView, "trend"> {
  const indicators = indicatorTable[layer].map((one) => viewOf(one, evidence));
  const lowest = indicators.reduce<IndicatorView | undefined>(
    (worst, one) => (one.level !== null && (worst?.level ?? 5) > one.level ? one : worst),
    undefined,
  );
  // With nothing to judge a layer is absent, not perfect.
  const judged = lowest?.level ?? 0;
  const cap = caps.reduce<Cap | undefined>(
    (low, one) => (one.level < (low?.level ?? 5) ? one : low),
    undefined,
  );
  const held = cap !== undefined && cap.level <= judged ? cap : undefined;
  const level = Math.min(judged, cap?.level ?? 4) as Level;
  const next = held === undefined ? (lowest?.next ?? null) : nextStep(level, held.do);
  return {
    layer,
    title: titles[layer],
    level,
    coverage: coverageView(evidence.coverage),
    limiting: lowest?.id ?? "",
    capped_by: caps
      .filter((one) => one.level <= level)
      .map(({ level: at, why }) => ({ level: at, why })),
    next,
    indicators,
  };
}

function viewOf(indicator: Indicator<Evidence>, evidence: Evidence): IndicatorView {
  const { id, title, rules } = indicator;
  const reading = indicator.read(evidence);
  const coverage = coverageView(evidence.coverage);
  const base = { id, title, rules, coverage };
  if (reading === null) {
    const grades = { observed: 0, reported: 0 };
    return {
      ...base,
      level: null,
      numbers: null,
      grades,
      said: indicator.nothing,
      capped_by: [],
      next: null,
      examples: [],
    };
  }
  const caps = capsOf(reading.source, evidence.coverage);
  const [cap] = caps;
  const level = Math.min(reading.level, ...caps.map((one) => one.level)) as Level;
  const isHeld = cap !== undefined && cap.level < reading.level;
  const step = reading.level === 3 ? undefined : indicator.next[reading.level];
  return {
    ...base,
    level,
    numbers: {
      numerator: reading.numerator,
      denominator: reading.denominator,
      denominator_source: reading.source,
    },
    grades: {
      observed: reading.observed,
      reported: Math.max(0, reading.numerator - reading.observed),
    },
    said: reading.said,
    capped_by: isHeld ? caps.map(({ level: at, why }) => ({ level: at, why })) : [],
    next: isHeld ? nextStep(level, cap.do) : step === undefined ? null : nextStep(level, step),
    examples: reading.examples ?? [],
  };
}

const accountUnknown =
  "agents spoke under keys of their own and observers under theirs; whether an agent's account can read an observer's key no record can say: `custody doctor --attack` under that account does";

/** What holds every layer down (design 6): the agent's own account, and no anchor outside the operator's control. */
function layerCaps(facts: WindowFacts): readonly Cap[] {
  const account = accountOf(facts);
  const anchor: Cap = {
    level: 3,
    why: anchorsSaid(facts),
    do: "custody export --framework soc2 --from <day> --to <day> --out evidence.zip   # give a copy to somebody else",
  };
  return [...(account === undefined ? [] : [account]), anchor];
}

function accountOf({ ground, sessions }: WindowFacts): Cap | undefined {
  if (ground.keyless > 0) {
    return {
      level: 1,
      why: `${ground.keyless} of ${ground.keyless + ground.keyed} records of agents came over loopback without a key: whoever sent them may run under the account that holds Custody's keys`,
      do: "custody keys create --kind agent --subject <device>   # then set require_key, and run Custody under an account of its own",
    };
  }
  if (ground.observed + ground.decided === 0 && sessions.length > 0) {
    return {
      level: 1,
      why: "nobody but agents spoke in the window: nothing here rests on another account's word",
      do: "custody keys create --kind observer --subject <proxy> --observes proxy   # and keep it from the agents' account",
    };
  }
  return undefined;
}

function anchorsSaid({ ground }: WindowFacts): string {
  return ground.anchors > 0
    ? `${ground.anchors} anchors outside the operator's control`
    : "no anchor outside the operator's control exists: the operator could have rewritten the log, and level 4 is out of reach";
}

function withTrend(layer: Omit<LayerView, "trend">, previous: Level): LayerView {
  return { ...layer, trend: { previous, change: layer.level - previous } };
}

function nextStep(level: Level, what: string): NextStep | null {
  return level >= 4 ? null : { level: (level + 1) as Level, do: what };
}

function coverageView(coverage: Coverage | undefined): CoverageView {
  if (coverage === undefined || coverage.expected === 0) return "unknown";
  return { ...coverage, share: coverage.heard / coverage.expected };
}
