import type { Delivery } from "../speech/deliver.ts";
import { type Chance, createChance } from "../world/chance.ts";

export interface Disorder {
  readonly seed: number;
  /** Also what people decide is heard late: an approval that is heard a day after the act allows nothing, by design. */
  readonly approvals?: true;
  /** What waited comes in any order, as no queue sends it; else each source's own requests keep theirs. */
  readonly shuffled?: true;
}

const day = 86_400_000;
const hour = 3_600_000;
const outageMsMax = 23 * hour;
const twiceShare = 0.05;
/** Chance of an outage of one source on one day: about three of ten of its requests wait in one. */
const outageShare = 0.72;

/**
 * The same requests as they come from laptops that were shut and proxies that could not ship: nothing is lost, three of ten arrive up to a day late,
 * those of one outage together, and one of twenty comes again later.
 */
export function disordered(deliveries: readonly Delivery[], how: Disorder): readonly Delivery[] {
  const chance = createChance(how.seed);
  const begin = deliveries[0]?.at ?? 0;
  const outages = new Map<string, readonly Outage[]>();
  const moved = deliveries.flatMap((delivery): readonly Delivery[] => {
    if (isOnTime(delivery, how)) return [delivery];
    const name = `${delivery.key.kind} ${delivery.key.subject}`;
    const own = outages.get(name) ?? outagesOf(chance.part(name), begin);
    outages.set(name, own);
    const { at } = delivery;
    const outage = own.find(({ from, to }) => from <= at && at < to);
    const heard = outage === undefined ? at : outage.to + waitedMs(at, outage, how, chance);
    const again = chance.chance(twiceShare) ? [heard + chance.whole(1, outageMsMax)] : [];
    return [heard, ...again].map((time) => ({ ...delivery, at: time }));
  });
  return moved.toSorted((left, right) => left.at - right.at);
}

/** Authority starts when it is heard: policies always, and approvals unless asked otherwise, come as they came. What we write ourselves is never late. */
function isOnTime({ door: { name } }: Delivery, { approvals }: Disorder): boolean {
  if (name === "policies" || name === "notices") return true;
  return name === "approvals" && approvals === undefined;
}

/** A queue of hours is sent within two minutes. */
const burstMs = 120_000;

function waitedMs(at: number, { from, to }: Outage, how: Disorder, chance: Chance): number {
  if (how.shuffled) return chance.whole(0, burstMs);
  return Math.floor(((at - from) / (to - from)) * burstMs);
}

interface Outage {
  readonly from: number;
  readonly to: number;
}

function outagesOf(chance: Chance, begin: number): readonly Outage[] {
  return Array.from({ length: 40 }, (_, at): readonly Outage[] => {
    const from = begin + at * day + chance.whole(0, day);
    const to = from + chance.whole(hour, outageMsMax);
    return chance.chance(outageShare) ? [{ from, to }] : [];
  }).flat();
}
