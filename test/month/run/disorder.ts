import { type Delivery, type Sent, sourceOf } from "../speech/deliver.ts";
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
/** No request is told later than this after its source had it. */
const lateMsMax = day - hour / 2;
const twiceShare = 0.05;
/** Chance of an outage of one source on one day: about three of ten of its requests wait in one. */
const outageShare = 0.72;

/**
 * The requests as sources with queues send them: what waits holds up what its source has after it. The frozen month lets single requests of a shut
 * laptop wait alone; whether a yes was heard before what came of it would then hang on which of two waited longer, so it is no order to compare with.
 */
export function queued(sent: readonly Sent[]): readonly Sent[] {
  const inTurn = createQueues();
  return sent
    .toSorted((left, right) => left.said - right.said)
    .map(({ said, delivery }) => ({
      said,
      delivery: { ...delivery, at: inTurn(delivery, delivery.at) },
    }))
    .toSorted((left, right) => left.delivery.at - right.delivery.at);
}

/**
 * The same requests as they come from laptops that were shut and proxies that could not ship: nothing is lost, three of ten arrive up to a day late,
 * those of one outage together, and one of twenty comes again later.
 */
export function disordered(sent: readonly Sent[], how: Disorder): readonly Delivery[] {
  const chance = createChance(how.seed);
  const begin = sent[0]?.delivery.at ?? 0;
  const outages = new Map<string, readonly Outage[]>();
  for (const name of new Set(sent.map(({ delivery }) => sourceOf(delivery)))) {
    const own = sent.filter(({ delivery }) => sourceOf(delivery) === name);
    outages.set(name, outagesOf(chance.part(name), begin, own));
  }
  const inTurn = createQueues();
  const moved = sent.flatMap(({ delivery }): readonly Delivery[] => {
    if (isOnTime(delivery, how)) return [delivery];
    const { at } = delivery;
    const own = outages.get(sourceOf(delivery)) ?? [];
    const outage = own.find(({ from, to }) => from <= at && at < to);
    const sentAt = outage === undefined ? at : outage.to + waitedMs(at, outage, how, chance);
    const heard = how.shuffled ? sentAt : inTurn(delivery, sentAt);
    const again = chance.chance(twiceShare) ? [heard + chance.whole(1, outageMsMax)] : [];
    return [heard, ...again].map((time) => ({ ...delivery, at: time }));
  });
  return moved.toSorted((left, right) => left.at - right.at);
}

/** When a request is sent that could be at a time: after what its source sent before. */
function createQueues(): (delivery: Delivery, at: number) => number {
  const last = new Map<string, number>();
  return (delivery, at) => {
    const turn = Math.max(at, (last.get(sourceOf(delivery)) ?? 0) + 1);
    last.set(sourceOf(delivery), turn);
    return turn;
  };
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

/** An outage ends before the oldest that waits in it is a day late. */
function outagesOf(chance: Chance, begin: number, sent: readonly Sent[]): readonly Outage[] {
  return Array.from({ length: 40 }, (_, at): readonly Outage[] => {
    const from = begin + at * day + chance.whole(0, day);
    const to = from + chance.whole(hour, outageMsMax);
    const waiting = sent.filter(({ delivery }) => from <= delivery.at && delivery.at < to);
    const oldest = Math.min(...waiting.map(({ said }) => said));
    return chance.chance(outageShare) ? [{ from, to: Math.min(to, oldest + lateMsMax) }] : [];
  }).flat();
}
