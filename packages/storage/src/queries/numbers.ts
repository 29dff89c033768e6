import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found, type Window, windowOf } from "./ask.ts";

/** A source whose numbers are not simply 0 to the highest, each said once. */
export interface NumberedSuspect {
  readonly subject: string;
  readonly source: string;
  readonly epoch: string;
  readonly events: number;
}

/** One numbered event; records of one event share its number and time. */
export interface NumberedRow {
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  readonly ts: string;
  readonly rx: string;
}

/** Names of sources that number what they say, heard of since a moment: a page in order, after one. */
export async function numberedSources(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "numbered-sources", { ...page });
  return rows.map((row) => String(row["source"]));
}

export async function numberedSuspects(
  asked: Asked,
  sources: readonly string[],
  since: string,
): Promise<readonly NumberedSuspect[]> {
  if (sources.length === 0) return [];
  const limit = storageLimits.listItemsMax;
  const rows = await ask(asked, "numbered-suspects", { sources, since, limit });
  return rows.map((row) => ({
    subject: String(row["subject"]),
    source: String(row["source"]),
    epoch: String(row["epoch"]),
    events: Number(row["events"]),
  }));
}

/** Distinct events of some sources of one sender, in order of time; `numberedEventsMax` of them at most. */
export async function numberedEvents(
  asked: Asked,
  of: { readonly subject: string; readonly sources: readonly string[]; readonly since: string },
): Promise<readonly NumberedRow[]> {
  const limit = storageLimits.numberedEventsMax;
  const rows = await ask(asked, "numbered-events", { ...of, limit });
  return rows.map((row) => ({
    source: String(row["source"]),
    epoch: String(row["epoch"]),
    seq: Number(row["seq"]),
    ts: String(row["ts_text"]),
    rx: String(row["rx_text"]),
  }));
}

/** Whether a source spoke in a span of time, by when its records were received. */
export async function spokeIn(
  asked: Asked,
  of: {
    readonly subject: string;
    readonly source: string;
    readonly epoch: string;
    readonly from: string;
    readonly to: string;
  },
): Promise<boolean> {
  return (await ask(asked, "numbered-earlier", { ...of })).length > 0;
}

/** Other sources of the same sender that said one of these numbers in a span of time. */
export async function sourcesThatSaid(
  asked: Asked,
  of: {
    readonly subject: string;
    readonly source: string;
    readonly numbers: readonly number[];
    readonly since: string;
    readonly from: string;
    readonly to: string;
  },
): Promise<readonly string[]> {
  if (of.numbers.length === 0) return [];
  const limit = storageLimits.otherSourcesMax;
  const rows = await ask(asked, "numbered-before", { ...of, limit });
  return rows.map((row) => String(row["source"]));
}

/** What the product itself recorded of missing numbers and of time without seals, newest first; `cut`: there is more. */
export async function gapRecords(
  asked: Asked,
  window: Window,
): Promise<{ readonly records: readonly FoundRecord[]; readonly cut: boolean }> {
  const limit = storageLimits.gapRecordsMax;
  const rows = await ask(asked, "gap-records", { ...windowOf(window), limit });
  return { records: rows.map(found), cut: rows.length >= limit };
}
