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
  const chosen = chosenCalls(heard);
  const tools = groupBy(
    [...spans, ...chosen].flatMap((one) => [...one.tools].map((tool) => ({ one, tool }))),
    ({ one, tool }) => toolKey(one, tool),
  );
  const byCall = new Map(spans.map((one) => [outerKey(one, one.call), one]));
  const namesOf = countedNames(records);
  const idsOf = (call: SpanCall): readonly string[] => {
    const latest = latestChoice(call.last);
    const near = [...call.tools]
      .flatMap((tool) => tools.get(toolKey(call, tool)) ?? [])
      .flatMap(({ one }) => (one.first <= latest ? [one] : []));
    // What is shown leaves, or takes, a choice that the next one would get.
    return [call, ...ofArguments(call, near)].flatMap(({ ids, shown }) => [...ids, ...shown]);
  };
  return ({ teller, call }) => {
    const own = byCall.get(outerKey({ teller }, call));
    if (own === undefined) return [];
    const outer = own.accounts.flatMap((one) => byCall.get(outerKey(own, one)) ?? []);
    const ids = new Set([own, ...outer].flatMap(idsOf));
    return [...ids].flatMap(namesOf).sort(compareText);
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

/** Calls of other arguments do not count where all arguments are known: then they have no part in it. */
function ofArguments(call: Told, near: readonly Told[]): readonly Told[] {
  const isPlain = [call, ...near].every(({ digests }) => !digests.has(undefined));
  return isPlain
    ? near.filter(({ digests }) => [...digests].some((one) => call.digests.has(one)))
    : near;
}
