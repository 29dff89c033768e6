import { type PlacedRecord, shiftMillis } from "@custody/model";
import { countedNames } from "../counted-names.ts";
import { groupBy } from "../group-by.ts";
import { contextLimits } from "../limits.ts";
import type { OpenedContent } from "../opened-content.ts";
import { isOf } from "../record-order.ts";
import { namedRevisions } from "./commit-calls.ts";

/**
 * A record by what it says itself and all that links ever said of it: its call, and so whether that made a commit and when it ended, may turn out
 * otherwise with every further record.
 */
export interface Told {
  /** Every account of it. */
  readonly accounts: readonly PlacedRecord[];
  /** What it counts as. */
  readonly names: readonly string[];
  readonly sessions: ReadonlySet<string>;
  /** The calls it may be of, each in each of its sessions. */
  readonly calls: readonly string[];
  /** Revisions that its output names. */
  readonly revisions: readonly string[];
}

export function toldOf(
  placed: readonly PlacedRecord[],
  texts: ReadonlyMap<string, readonly OpenedContent[]>,
): readonly Told[] {
  const links = placed.filter(({ record }) => isOf(record, "link"));
  const namesOf = countedNames(placed, links);
  const linksTo = groupBy(links, ({ record }) =>
    isOf(record, "link") ? record.body.record : undefined,
  );
  const records = placed.filter(({ record }) => !isOf(record, "link"));
  return [...groupBy(records, ({ record }) => record.id)].map(([id, accounts]) => {
    const said = [...accounts, ...(linksTo.get(id) ?? [])].map(({ record }) => record);
    const sessions = new Set(said.flatMap(({ session }) => session ?? []));
    const calls = new Set(said.flatMap(({ call }) => call ?? []));
    return {
      accounts,
      names: namesOf(id),
      sessions,
      calls: [...sessions].flatMap((session) =>
        [...calls].map((call) => JSON.stringify([session, call])),
      ),
      revisions: namedRevisions(texts.get(id) ?? []),
    };
  });
}

/** A commit as far as records bear on it. */
export interface Sought {
  readonly commit: string;
  readonly moments: readonly string[];
  /** Sessions that a trailer or an attribution names. */
  readonly claimed: ReadonlySet<string>;
}

/** What bears on a commit: whatever may be of a call whose output names it, and what the sessions that it names told about its moments. It only grows. */
export function bearingOn(
  told: readonly Told[],
  { commit, moments, claimed }: Sought,
): { readonly bearing: readonly Told[]; readonly naming: ReadonlySet<string> } {
  const namers = told.filter(({ revisions }) => revisions.some((one) => commit.startsWith(one)));
  const calls = new Set(namers.flatMap((one) => one.calls));
  const windows = moments.map((at) => [
    shiftMillis(at, -contextLimits.joinWindowMs),
    shiftMillis(at, contextLimits.joinWindowMs),
  ]);
  const isNear = ({ accounts }: Told): boolean =>
    accounts.some(({ record: { ts } }) =>
      windows.some(([from = "", to = ""]) => from <= ts && ts <= to),
    );
  return {
    bearing: told.filter(
      (one) =>
        one.calls.some((call) => calls.has(call)) ||
        ([...one.sessions].some((session) => claimed.has(session)) && isNear(one)),
    ),
    naming: new Set(namers.flatMap(({ sessions }) => [...sessions])),
  };
}
