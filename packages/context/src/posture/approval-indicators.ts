import { sum, type TierCounts } from "./calls-by-tier.ts";
import type { Evidence } from "./evidence.ts";
import {
  enforcedShare,
  evidencedShare,
  type Indicator,
  ladder,
  type Reading,
  share,
} from "./indicator.ts";

/** Nobody reads a command and answers faster. */
const instantMs = 500;
/** A median over fewer says nothing. */
const timedMin = 20;
/** Fewer than one in twenty faster than anybody reads is nobody's habit. */
const hastyShareMax = 0.05;
const approvalDo = "custody policy propose approval default approval.yaml";

/** L-APR: per-action approvals, under the policies in force at the time of each act. */
export const approvalIndicators: readonly Indicator<Evidence>[] = [
  {
    id: "apr.valid",
    title: "executed T2 and T3 actions with a valid approval heard in time",
    rules: ["some have one", "4 in 5 have one", "19 in 20 have one"],
    next: [
      approvalDo,
      "custody query actions --limit 20",
      "custody keys create --kind authority --subject <person>",
    ],
    nothing: "no T2 or T3 action was executed",
    read({ tiers, actionSource }) {
      const risky = riskyOf(tiers);
      if (risky.executed === 0) return null;
      const { approved, executed, observed } = risky;
      return {
        level: ladder(approved, executed),
        numerator: approved,
        denominator: executed,
        source: actionSource,
        observed,
        said: `${approved} of ${executed} executed T2 and T3 actions have an approval that the policy accepts`,
        examples: risky.examples,
      };
    },
  },
  {
    id: "apr.decided",
    title: "executed T2 and T3 actions that a person, a policy or a hook decided",
    rules: ["some were", "4 in 5 were", "19 in 20 were"],
    next: [approvalDo, "custody query actions --limit 20", "custody query actions --limit 20"],
    nothing: "no T2 or T3 action was executed",
    read({ tiers, actionSource }) {
      const risky = riskyOf(tiers);
      if (risky.executed === 0) return null;
      const { executed, decided, observed } = risky;
      return {
        level: ladder(decided, executed),
        numerator: decided,
        denominator: executed,
        source: actionSource,
        observed,
        said: `${decided} of ${executed} were decided; of the others a model did, nobody did, or nobody says`,
      };
    },
  },
  {
    id: "apr.bypass",
    title: "sessions that ask somebody, or have a waiver not to",
    rules: ["some do", "19 in 20 do", "19 in 20 in scope do, and all that were heard"],
    next: [
      "custody connect <agent> --managed   # forbids the mode",
      "custody connect <agent> --managed",
      "custody policy propose waivers default waivers.yaml",
    ],
    nothing: "no session in the window",
    read({ facts, bypassed, inScope, scopeSource }) {
      if (inScope === 0) return null;
      const asking = sum(facts.sessions) - bypassed.unwaived;
      const level =
        bypassed.unwaived === 0
          ? ladder(asking, inScope)
          : Math.min(ladder(asking, inScope), share(asking, inScope) >= evidencedShare ? 2 : 1);
      return {
        level: level as Reading["level"],
        numerator: asking,
        denominator: inScope,
        source: scopeSource,
        observed: 0,
        said: `${bypassed.unwaived} sessions ran in a mode that asks nobody without a waiver, ${bypassed.waived} with one`,
        examples: facts.sessions
          .filter(({ bypass }) => bypass)
          .flatMap(({ examples }) => examples)
          .sort()
          .slice(0, 20),
      };
    },
  },
  {
    id: "apr.standing",
    title: "standing grants in use that are neither expired nor older than 90 days",
    rules: ["some are", "4 in 5 are", "all are"],
    next: [
      "custody query actions --limit 20",
      "custody query actions --limit 20",
      "custody query actions --limit 20",
    ],
    nothing: "no standing grant was used",
    read({ facts: { approvals }, actionSource }) {
      const { grants, stale_grants } = approvals;
      if (grants === 0) return null;
      const fresh = grants - stale_grants;
      const part = share(fresh, grants);
      return {
        level: part === 1 ? 3 : part >= enforcedShare ? 2 : fresh > 0 ? 1 : 0,
        numerator: fresh,
        denominator: grants,
        source: actionSource,
        observed: 0,
        said: `${stale_grants} of ${grants} standing grants in use are stale`,
      };
    },
  },
  {
    id: "apr.pace",
    title: "decisions of people that took longer than half a second",
    rules: [
      "people decide",
      `their median is ${instantMs} ms or more`,
      "and fewer than one in twenty is faster",
    ],
    next: [
      "custody query actions --limit 20",
      "custody query actions --limit 20",
      "custody query actions --limit 20",
    ],
    nothing: `fewer than ${timedMin} decisions of people say how long they took`,
    read({ facts: { approvals }, actionSource }) {
      const { timed, hasty, median_ms, decided, observed } = approvals;
      if (timed < timedMin) return null;
      const calm = median_ms >= instantMs;
      return {
        level: calm ? (share(hasty, timed) < hastyShareMax ? 3 : 2) : 1,
        numerator: timed - hasty,
        denominator: timed,
        source: actionSource,
        observed: Math.min(observed, timed - hasty),
        said: `median ${median_ms} ms over ${timed} of ${decided} decisions; ${hasty} took less than ${instantMs} ms`,
      };
    },
  },
  {
    id: "apr.denies",
    title: "people also say no",
    rules: ["people decide", `${timedMin} decisions and no refusal yet`, "some were refused"],
    next: [
      "custody connect <agent>",
      "custody query actions --limit 20",
      "custody query actions --limit 20",
    ],
    nothing: `fewer than ${timedMin} decisions of people, and none of them a refusal`,
    read({ facts: { approvals }, actionSource }) {
      const { decided, denied, observed } = approvals;
      if (denied === 0 && decided < timedMin) return null;
      return {
        level: denied > 0 ? 3 : 2,
        numerator: denied,
        denominator: decided,
        source: actionSource,
        observed: Math.min(observed, denied),
        said: `${denied} of ${decided} decisions of people were refusals`,
      };
    },
  },
];

interface Risky {
  readonly executed: number;
  readonly approved: number;
  readonly observed: number;
  readonly decided: number;
  readonly examples: readonly string[];
}

function riskyOf(tiers: readonly TierCounts[]): Risky {
  const risky = tiers.filter(({ tier }) => tier >= 2);
  const total = (read: (one: TierCounts) => number): number =>
    risky.reduce((all, one) => all + read(one), 0);
  return {
    executed: total(({ executed }) => executed),
    approved: total(({ approved }) => approved),
    observed: total(({ observed }) => observed),
    decided: total(({ by }) => by.human_once + by.human_standing + by.policy + by.hook),
    examples: risky.flatMap(({ examples }) => examples).slice(0, 20),
  };
}
