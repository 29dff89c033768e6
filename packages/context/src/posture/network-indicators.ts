import { millisOf } from "@custody/model";
import { sum } from "./calls-by-tier.ts";
import type { Evidence } from "./evidence.ts";
import type { FlowGroup } from "./facts.ts";
import { enforcedShare, type Indicator, ladder, type Reading, share } from "./indicator.ts";

const dayMs = 86_400_000;
const listAgeDaysMax = 90;
const listAgeDaysOld = 365;
const proxyDo =
  "see deploy/egress: run the proxy, and post its log to /v1/egress/squid with an observer key";
const listDo = "custody policy propose egress default egress.yaml";

/** Resolvers that answer over HTTPS: whoever asks them hides where it goes. */
const dohHosts: ReadonlySet<string> = new Set([
  "dns.google",
  "cloudflare-dns.com",
  "one.one.one.one",
  "dns.quad9.net",
  "doh.opendns.com",
  "dns.nextdns.io",
]);

/** L-NET: network policies. Flows are those that observers saw; an agent's own account of one proves nothing here. */
export const networkIndicators: readonly Indicator<Evidence>[] = [
  {
    id: "net.behind",
    title: "sessions with calls that may reach the network, whose flows an observer saw",
    rules: ["an allow-list is approved, or an observer watches the network", "4 in 5", "19 in 20"],
    next: [proxyDo, proxyDo, proxyDo],
    nothing: "no session had a call that may reach the network",
    read({ facts, scopeSource, allowList, coverage }) {
      const reaching = facts.sessions.filter((one) => one.reaching || one.watched);
      if (reaching.length === 0) return null;
      const silent = coverage === undefined ? 0 : coverage.expected - coverage.heard;
      const denominator = sum(reaching) + silent;
      const numerator = sum(reaching.filter(({ watched }) => watched));
      const based = allowList !== undefined || facts.ground.proxies > 0;
      return {
        level: Math.max(ladder(numerator, denominator), based ? 1 : 0) as Reading["level"],
        numerator,
        denominator,
        source: scopeSource,
        observed: numerator,
        said: `an observer saw flows of ${numerator} of ${denominator} sessions that may reach the network`,
        examples: reaching
          .filter(({ watched }) => !watched)
          .flatMap(({ examples }) => examples)
          .sort()
          .slice(0, 20),
      };
    },
  },
  {
    id: "net.deny",
    title: "everything is denied that the allow-list does not name",
    rules: [
      "an allow-list is approved",
      "and an observer watches the network",
      "for the whole window, and a denial was seen",
    ],
    next: [listDo, proxyDo, "custody doctor --attack   # and see that the proxy refuses"],
    nothing: "",
    read({ facts, egressPolicy, flows }) {
      const whole = egressPolicy !== undefined && egressPolicy.from <= facts.from;
      const watched = facts.ground.proxies > 0;
      const level =
        egressPolicy === undefined ? 0 : !watched ? 1 : whole && flows.denied > 0 ? 3 : 2;
      return {
        level,
        numerator: flows.denied,
        denominator: flows.all,
        source: watched ? "runtime" : "unknown",
        observed: flows.denied,
        said:
          egressPolicy === undefined
            ? "no allow-list is in force: nothing says what is denied"
            : `list ${egressPolicy.name} version ${egressPolicy.version} is in force; ${flows.denied} of ${flows.all} observed flows were denied`,
      };
    },
  },
  {
    id: "net.listed",
    title: "flows let through that match the allow-list of their time",
    rules: ["some do", "4 in 5 do", "all do"],
    next: [listDo, "custody query actions --limit 20", "custody query actions --limit 20"],
    nothing: "no observer saw a flow let through",
    read({ flows }) {
      if (flows.allowed === 0) return null;
      const part = share(flows.listed, flows.allowed);
      return {
        level: part === 1 ? 3 : part >= enforcedShare ? 2 : flows.listed > 0 ? 1 : 0,
        numerator: flows.listed,
        denominator: flows.allowed,
        source: "runtime",
        observed: flows.listed,
        said: `${flows.listed} of ${flows.allowed} flows let through stand in the allow-list`,
      };
    },
  },
  {
    id: "net.explained",
    title: "observed flows that a call explains",
    rules: ["some are", "4 in 5 are", "19 in 20 are, and of none nobody knows anything"],
    next: [proxyDo, "custody investigate --domain <host>", "custody investigate --domain <host>"],
    nothing: "no observer saw a flow",
    read({ flows }) {
      if (flows.all === 0) return null;
      const step = ladder(flows.explained, flows.all);
      return {
        level: step === 3 && flows.none > 0 ? 2 : step,
        numerator: flows.explained,
        denominator: flows.all,
        source: "runtime",
        observed: flows.explained,
        said: `${flows.explained} of ${flows.all} flows are explained by a call, ${flows.weak} by time alone, ${flows.none} by nothing`,
        examples: flows.unexplained_examples,
      };
    },
  },
  {
    id: "net.age",
    title: "the allow-list was looked at lately",
    rules: ["one is approved", "less than a year ago", `less than ${listAgeDaysMax} days ago`],
    next: [listDo, listDo, listDo],
    nothing: "",
    read({ facts, egressPolicy }) {
      const days =
        egressPolicy === undefined
          ? undefined
          : Math.floor((millisOf(facts.to) - millisOf(egressPolicy.from)) / dayMs);
      return {
        level: days === undefined ? 0 : days > listAgeDaysOld ? 1 : days > listAgeDaysMax ? 2 : 3,
        numerator: days === undefined ? 0 : 1,
        denominator: 1,
        source: "runtime",
        observed: 0,
        said:
          egressPolicy === undefined
            ? "no allow-list is in force"
            : `version ${egressPolicy.version} is ${days} days old, written by ${egressPolicy.author ?? "nobody known"} and approved by ${egressPolicy.approver ?? "nobody known"}; ${ownerOf(egressPolicy)} answers for it`,
      };
    },
  },
  {
    id: "net.wildcards",
    title: "rules of the allow-list that name one host",
    rules: ["some do", "4 in 5 do", "19 in 20 do"],
    next: [listDo, listDo, listDo],
    nothing: "no allow-list is in force, or it has no rule",
    read({ allowList }) {
      const rules = allowList?.rules ?? [];
      if (rules.length === 0) return null;
      const exact = rules.filter(({ host }) => !host.startsWith("*.")).length;
      return {
        level: ladder(exact, rules.length),
        numerator: exact,
        denominator: rules.length,
        source: "runtime",
        observed: 0,
        said: `${rules.length - exact} of ${rules.length} rules are wildcards`,
      };
    },
  },
  {
    id: "net.direct",
    title: "attempts to reach an address or a hidden resolver that were refused",
    rules: ["some were", "4 in 5 were", "all were"],
    next: [proxyDo, proxyDo, proxyDo],
    nothing: "no observer saw such an attempt",
    read({ facts }) {
      const direct = facts.flows.filter(isDirect);
      if (direct.length === 0) return null;
      const refused = sum(direct.filter(({ action }) => action === "denied"));
      const part = share(refused, sum(direct));
      return {
        level: part === 1 ? 3 : part >= enforcedShare ? 2 : refused > 0 ? 1 : 0,
        numerator: refused,
        denominator: sum(direct),
        source: "runtime",
        observed: refused,
        said: `${refused} of ${sum(direct)} attempts to go past names were refused`,
        examples: direct
          .filter(({ action }) => action !== "denied")
          .flatMap(({ examples }) => examples)
          .sort()
          .slice(0, 20),
      };
    },
  },
];

function ownerOf({ document }: NonNullable<Evidence["egressPolicy"]>): string {
  return document.about?.owner ?? "nobody named";
}

function isDirect({ host }: FlowGroup): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":") || dohHosts.has(host);
}
