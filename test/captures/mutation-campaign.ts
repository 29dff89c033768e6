import { canonicalText, type SignalView, timeFromText } from "@custody/model";
import { createRandom, type Random } from "../support/random.ts";
import { type CapturedAgent, capturedAgents, capturedScenarios } from "./captured-agents.ts";
import { capturedItems, type Named, type Told, tell } from "./captured-items.ts";
import { foundIn } from "./found.ts";
import { type MutationKind, mutatedItem, mutationKinds } from "./mutations.ts";
import { factsOf } from "./truth.ts";

/** What a campaign of mutated captures came to. */
export interface Campaign {
  readonly captures: number;
  readonly mutations: number;
  /** Items that became neither a fact nor a counted name, and items that threw. */
  readonly lost: readonly string[];
  /** Facts whose identity changed under a mutation that says nothing else. */
  readonly unstable: readonly string[];
  /** Facts that can be told without the mutated items: how many there were, and how many were still told right. By agent. */
  readonly byAgent: ReadonlyMap<CapturedAgent, Untouched>;
}

interface Untouched {
  readonly expected: number;
  readonly right: number;
  readonly wrong: readonly string[];
}

interface Capture {
  readonly agent: CapturedAgent;
  readonly scenario: string;
  readonly items: readonly SignalView[];
  /** What each item says alone: dialects are stateless, so this holds in any company. */
  readonly told: readonly Told[];
  /** Places of the items that say more than their name. */
  readonly speaking: readonly number[];
}

/** Mutated items of one capture; a capture of hundreds of items has as many touched as a small one. */
const mutationsMax = 6;
const wrongListed = 20;

/** These say what was said before, in other words or more often: nobody may take them for something new. */
const sayingTheSame: ReadonlySet<MutationKind> = new Set([
  "attribute duplicated",
  "attributes reordered",
  "record duplicated",
]);

/** Mutates `count` captures, drawn evenly over the agents, and holds what is read of each against what is read of the capture itself. */
export function mutationCampaign(count: number, seed: number): Campaign {
  const random = createRandom(seed);
  const byAgent = new Map(capturedAgents.map((agent) => [agent, capturesOf(agent)]));
  const sums = new Map<CapturedAgent, { expected: number; right: number; wrong: string[] }>();
  const lost: string[] = [];
  const unstable: string[] = [];
  let mutations = 0;
  for (let nth = 0; nth < count; nth++) {
    const agent = capturedAgents[nth % capturedAgents.length] ?? "";
    const captures = byAgent.get(agent) ?? [];
    const capture = captures[random.whole(0, captures.length - 1)];
    if (capture === undefined) throw new Error(`${agent} has no captures`);
    const mutated = mutate(capture, random);
    mutations += mutated.kinds.length;
    lost.push(...mutated.lost);
    unstable.push(...mutated.unstable);
    const sum = sums.get(agent) ?? { expected: 0, right: 0, wrong: [] };
    sums.set(agent, sum);
    for (const [name, value] of untouchedFacts(capture, mutated.touched)) {
      sum.expected++;
      const said = mutated.facts.get(name);
      if (said === value) sum.right++;
      else if (sum.wrong.length < wrongListed) {
        const what = [...new Set(mutated.kinds)].join(", ");
        sum.wrong.push(`${capture.scenario} ${name}: ${said} instead of ${value} (${what})`);
      }
    }
  }
  return { captures: count, mutations, lost, unstable, byAgent: sums };
}

function capturesOf(agent: CapturedAgent): readonly Capture[] {
  return capturedScenarios(agent).flatMap((scenario) => {
    const items = capturedItems(agent, scenario);
    if (items.length === 0) return [];
    const told = items.map((item) => tell([item]));
    const speaking = told.flatMap(({ facts }, at) => (facts.length > 0 ? [at] : []));
    return [{ agent, scenario, items, told, speaking }];
  });
}

interface Mutated {
  readonly kinds: readonly MutationKind[];
  readonly touched: ReadonlySet<number>;
  readonly facts: ReadonlyMap<string, string | number>;
  readonly lost: readonly string[];
  readonly unstable: readonly string[];
}

function mutate(capture: Capture, random: Random): Mutated {
  const { agent, scenario, items, told } = capture;
  const touched = new Set<number>();
  const kinds: MutationKind[] = [];
  const lost: string[] = [];
  const unstable: string[] = [];
  const said: (readonly Named[])[] = told.map(({ facts }) => facts);
  let isReversed = false;
  for (let left = random.whole(1, mutationsMax); left > 0; left--) {
    const kind = mutationKinds[random.whole(0, mutationKinds.length - 1)] ?? "record dropped";
    kinds.push(kind);
    if (kind === "records reordered") {
      isReversed = !isReversed;
      continue;
    }
    const at = place(capture, random);
    const item = items[at];
    if (item === undefined || touched.has(at)) continue;
    const where = `${agent} ${scenario} item ${at} (${kind})`;
    const again = retold(item, kind, random, where, lost);
    if (kind === "record duplicated") said.push(again);
    else said[at] = again;
    if (!sayingTheSame.has(kind)) touched.add(at);
    else if (identities(again) !== identities(told[at]?.facts ?? [])) unstable.push(where);
  }
  const arrived = (isReversed ? said.toReversed() : said).flat();
  return { kinds, touched, facts: factsOf(foundIn(inTime(arrived))), lost, unstable };
}

/** Three of four mutations befall an item that says something; most items of some agents are noise. */
function place({ items, speaking }: Capture, random: Random): number {
  const among = speaking.length > 0 && random.next() < 0.75 ? speaking : undefined;
  const at = random.whole(0, (among ?? items).length - 1);
  return among?.[at] ?? at;
}

function retold(
  item: SignalView,
  kind: MutationKind,
  random: Random,
  where: string,
  lost: string[],
): readonly Named[] {
  if (kind === "record dropped") return [];
  try {
    const { facts, noise } = tell([mutatedItem(item, kind, random)]);
    if (facts.length + noise.size === 0) lost.push(where);
    for (const { fact } of facts) {
      canonicalText(fact.body);
      canonicalText(fact.key ?? []);
      for (const time of [fact.ts, fact.end]) {
        if (time !== undefined && timeFromText(time) !== time) lost.push(`${where}: ${time}`);
      }
    }
    return facts;
  } catch (error) {
    lost.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function identities(facts: readonly Named[]): string {
  const named = facts.map(({ dialect, fact }) =>
    JSON.stringify([dialect, fact.class, fact.key ?? JSON.stringify(fact)]),
  );
  return named.sort().join("\n");
}

/** Readers order records by their own time, never by arrival. */
function inTime(facts: readonly Named[]): readonly Named[] {
  const text = ({ fact }: Named): string => `${fact.ts ?? ""} ${JSON.stringify(fact.key)}`;
  return facts
    .map((named) => [text(named), named] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, named]) => named);
}

/** Facts that are the same with and without the touched items: no mutation of those may change them. */
function* untouchedFacts(
  { told }: Capture,
  touched: ReadonlySet<number>,
): Iterable<readonly [string, string | number]> {
  const all = told.flatMap(({ facts }) => facts);
  const whole = factsOf(foundIn(inTime(all)));
  const rest = told.flatMap(({ facts }, at) => (touched.has(at) ? [] : facts));
  const without = touched.size === 0 ? whole : factsOf(foundIn(inTime(rest)));
  for (const [name, value] of whole) if (without.get(name) === value) yield [name, value];
}
