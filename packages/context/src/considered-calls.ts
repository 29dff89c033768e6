import type { PlacedRecord } from "@custody/model";
import { countedNames } from "./counted-names.ts";
import { groupBy } from "./group-by.ts";
import { compareText, isOf } from "./record-order.ts";
import {
  chosenCalls,
  latestChoice,
  outerKey,
  type SpanCall,
  spanCalls,
  type Told,
} from "./span-calls.ts";

/**
 * What the name of a span call rests on, as records count. Every record that was ever of the session is read, with every account of it, and of two
 * calls all that they may still turn out to be: so more knowledge adds to it and never takes away, though a call may lose its tool, its arguments
 * or its place in time.
 */
export function consideredBy(
  session: string,
  records: readonly PlacedRecord[],
): (call: SpanCall) => readonly string[] {
  const heard = everIn(session, records);
  const spans = spanCalls(heard);
  const namesOf = countedNames(records);
  const counted = [...spans, ...chosenCalls(heard)]
    .map((told): Counted => {
      // What is shown leaves, or takes, a choice that the next one would get.
      const ids = [...new Set([...told.ids, ...told.shown])].sort(compareText);
      return { told, names: ids.flatMap(namesOf) };
    })
    .sort(byFirst);
  const byCall = new Map(spans.map((one) => [outerKey(one, one.call), one]));
  const named = new Map(counted.map((one) => [one.told, one]));
  const nearBy = nearestBy(counted);
  return ({ teller, call }) => {
    const own = byCall.get(outerKey({ teller }, call));
    if (own === undefined) return [];
    const outer = own.accounts.flatMap((one) => byCall.get(outerKey(own, one)) ?? []);
    const considered = [own, ...outer].flatMap((one) => [named.get(one), ...nearBy(one)]);
    return [...new Set(considered.flatMap((one) => one?.names ?? []))];
  };
}

/** A call, and what it counts as. */
interface Counted {
  readonly told: Told & { readonly call: string };
  readonly names: readonly string[];
}

function byFirst({ told: left }: Counted, { told: right }: Counted): number {
  return (
    compareText(left.first, right.first) ||
    compareText(left.call, right.call) ||
    compareText(left.teller, right.teller)
  );
}

/**
 * The calls of a call's tools from before it may have begun. Those of other arguments do not count where all arguments are known: then they have no
 * part in it. `counted` stand in order of time, so that of a long session what is near is found without the rest.
 */
function nearestBy(counted: readonly Counted[]): (call: SpanCall) => readonly Counted[] {
  const under = (keysOf: (told: Told, tool: string) => readonly string[]) =>
    groupBy(
      counted.flatMap((one) =>
        [...one.told.tools].flatMap((tool) =>
          keysOf(one.told, tool).map((key) => ({ key, one, first: one.told.first })),
        ),
      ),
      ({ key }) => key,
    );
  const tools = under((told, tool) => [toolKey(told, tool)]);
  const digests = under((told, tool) =>
    [...told.digests].map((digest) => argumentsKey(told, tool, digest)),
  );
  return (call) => {
    const latest = latestChoice(call.last);
    const ofTools = [...call.tools];
    const isPlain =
      !call.digests.has(undefined) &&
      ofTools.every((tool) => {
        const unknown = digests.get(argumentsKey(call, tool, undefined))?.[0];
        return unknown === undefined || unknown.first > latest;
      });
    const keys = ofTools.flatMap((tool) =>
      isPlain
        ? [...call.digests].map((digest) => argumentsKey(call, tool, digest))
        : [toolKey(call, tool)],
    );
    const near: Counted[] = [];
    for (const key of keys) {
      for (const { one, first } of (isPlain ? digests : tools).get(key) ?? []) {
        if (first > latest) break;
        near.push(one);
      }
    }
    return near;
  };
}

/** A record that a link led away, or to here, counts from then on. */
function everIn(session: string, records: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const led = new Set(
    records.flatMap(({ record }) =>
      isOf(record, "link") && record.session === session ? [record.body.record] : [],
    ),
  );
  return records.filter(
    ({ record }) => !isOf(record, "link") && (record.session === session || led.has(record.id)),
  );
}

function toolKey({ teller }: Told, tool: string): string {
  return JSON.stringify([teller, tool]);
}

function argumentsKey({ teller }: Told, tool: string, digest: string | undefined): string {
  return JSON.stringify([teller, tool, digest ?? null]);
}
