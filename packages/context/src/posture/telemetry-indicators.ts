import { millisOf } from "@custody/model";
import { sum } from "./calls-by-tier.ts";
import type { Evidence } from "./evidence.ts";
import { missingOf } from "./gap-records.ts";
import { type Indicator, ladder, type Reading, share } from "./indicator.ts";

const dayMs = 86_400_000;
/** Shares of records lost, not understood or misdated that are still a small number. */
const smallShare = 0.001;
const strayShare = 0.05;
const connectDo = "custody connect <agent>   # on the machines that are silent";

/** L-TEL: agent-native telemetry. Anchors do not exist yet: they hold no level from 0 to 3 down, and without one there is no level 4. */
export const telemetryIndicators: readonly Indicator<Evidence>[] = [
  {
    id: "tel.reporting",
    title: "agents, devices and principals that report, of those that should",
    rules: ["some do", "4 in 5 do", "19 in 20 do"],
    next: [connectDo, connectDo, connectDo],
    nothing: "",
    read({ facts, coverage, heard }) {
      if (coverage !== undefined && coverage.expected > 0) {
        return {
          level: ladder(coverage.heard, coverage.expected),
          numerator: coverage.heard,
          denominator: coverage.expected,
          source: "expected",
          observed: coverage.heard,
          said: `${coverage.heard} of ${coverage.expected} that should report were heard`,
          examples: heard
            .filter((one) => !one.heard)
            .map(({ entry }) => `${entry.kind} ${entry.id}`)
            .slice(0, 20),
        };
      }
      const speaking = facts.sources.filter(
        ({ kind }) => kind === "agent" || kind === "none",
      ).length;
      return {
        level: speaking === 0 ? 0 : 3,
        numerator: speaking,
        denominator: speaking,
        source: speaking === 0 ? "unknown" : "telemetry",
        observed: 0,
        said: `${speaking} sources were heard; nobody says who should be`,
      };
    },
  },
  {
    id: "tel.closure",
    title: "sessions that said that they ended",
    rules: ["some did", "4 in 5 did", "19 in 20 did"],
    next: [
      "custody query sessions --limit 20",
      "custody query sessions --limit 20",
      "custody query sessions --limit 20",
    ],
    nothing: "no session is over yet",
    read({ facts, actionSource }) {
      const over = facts.sessions.filter(({ ending }) => ending !== "open");
      if (over.length === 0) return null;
      const ended = sum(over.filter(({ ending }) => ending === "ended"));
      return {
        level: Math.max(1, ladder(ended, sum(over))) as Reading["level"],
        numerator: ended,
        denominator: sum(over),
        source: actionSource,
        observed: 0,
        said: `${sum(over) - ended} of ${sum(over)} sessions fell silent without an end: what came last of them may be lost`,
        examples: over
          .filter(({ ending }) => ending === "unclean")
          .flatMap(({ examples }) => examples)
          .sort()
          .slice(0, 20),
      };
    },
  },
  {
    id: "tel.gaps",
    title: "records that came, of those whose numbers say that they should have",
    rules: ["agents report", "fewer than one in 1,000 is missing", "none is missing"],
    next: [connectDo, "custody completeness", "custody completeness"],
    nothing: "",
    read({ facts, actionSource }) {
      const open = facts.gaps.filter(({ status }) => status === "open");
      const missing = open.reduce((total, gap) => total + missingOf(gap), 0);
      return {
        ...lostOf(toldOf(facts), missing),
        source: actionSource,
        observed: 0,
        said: `${open.length} gaps are open: ${missing} records did not come`,
        examples: open
          .map(({ source, from, to }) => `${source} ${from}-${to}`)
          .sort()
          .slice(0, 20),
      };
    },
  },
  {
    id: "tel.drops",
    title: "records that came, of those that sources say they made",
    rules: ["agents report", "fewer than one in 1,000 was dropped", "none was dropped"],
    next: [connectDo, "custody completeness", "custody completeness"],
    nothing: "",
    read({ facts, actionSource }) {
      return {
        ...lostOf(toldOf(facts), facts.droppedBySources),
        source: actionSource,
        observed: 0,
        said: `sources say that they dropped ${facts.droppedBySources} records`,
      };
    },
  },
  {
    id: "tel.understood",
    title: "records of agents that a dialect understood",
    rules: ["agents report", "19 in 20 are", "999 in 1,000 are"],
    next: [
      connectDo,
      "custody doctor   # names what strays",
      "custody doctor   # names what strays",
    ],
    nothing: "",
    read({ facts, actionSource }) {
      const told = toldOf(facts);
      const known = told - facts.ground.opaque;
      return {
        ...strays(known, told),
        source: actionSource,
        observed: 0,
        said: `${facts.ground.opaque} of ${told} records are opaque`,
      };
    },
  },
  {
    id: "tel.clock",
    title: "records of agents whose time is believable",
    rules: ["agents report", "19 in 20 are", "999 in 1,000 are"],
    next: [
      connectDo,
      "chronyc makestep   # on the machines that `custody completeness` names",
      "chronyc makestep",
    ],
    nothing: "",
    read({ facts, actionSource }) {
      const told = toldOf(facts);
      const dated = told - facts.ground.misdated;
      return {
        ...strays(dated, told),
        source: actionSource,
        observed: 0,
        said: `${facts.ground.misdated} of ${told} records name a time more than a day from when they came`,
      };
    },
  },
  {
    id: "tel.watch",
    title: "time of the window in which the collector watched",
    rules: ["it ran", "all but one part in 1,000", "all of it"],
    next: ["custody up", "custody completeness", "custody completeness"],
    nothing: "",
    read({ facts }) {
      const whole = Math.max(1, millisOf(facts.to) - millisOf(facts.from));
      const down = Math.min(whole, facts.downtimeMs);
      return {
        level: down === 0 ? 3 : share(down, whole) < smallShare ? 2 : 1,
        numerator: whole - down,
        denominator: whole,
        source: "runtime",
        observed: 0,
        said: `no seal was written for ${Math.round(down / 1000)} s of the window`,
      };
    },
  },
  {
    id: "tel.verified",
    title: "the log was checked against its own hashes",
    rules: ["it is sealed", "once in the window", "in the window's last day"],
    next: ["custody up", "custody fsck", "custody fsck"],
    nothing: "",
    read({ facts: { ground, to } }) {
      const at = ground.verifiedAt;
      const recent = at !== null && millisOf(to) - millisOf(at) <= dayMs;
      return {
        level: recent ? 3 : at === null ? 1 : 2,
        numerator: at === null ? 0 : 1,
        denominator: 1,
        source: "runtime",
        observed: 0,
        said:
          at === null
            ? "no clean `custody fsck` in the window"
            : `last clean \`custody fsck\` at ${at}`,
      };
    },
  },
];

function toldOf({ ground }: Evidence["facts"]): number {
  return ground.keyed + ground.keyless;
}

type Part = Pick<Reading, "level" | "numerator" | "denominator">;

function lostOf(told: number, lost: number): Part {
  const all = told + lost;
  const level = told === 0 ? 0 : lost === 0 ? 3 : share(lost, all) < smallShare ? 2 : 1;
  return { level, numerator: told, denominator: all };
}

function strays(good: number, told: number): Part {
  const bad = 1 - share(good, told);
  const level = told === 0 ? 0 : bad <= smallShare ? 3 : bad <= strayShare ? 2 : 1;
  return { level, numerator: good, denominator: told };
}
