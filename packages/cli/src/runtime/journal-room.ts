import type { JournalStatus } from "@custody/ledger";

/** What is full sooner than this is said: long enough for a person to do something. */
const journalSoonMs = 3_600_000;
const diskSoonMs = 86_400_000;

/** Why nothing is taken now, or nothing. */
export function fullJournal({ full, bytes, bytesMax, diskFreeBytes }: JournalStatus): string[] {
  if (full === undefined) return [];
  const free = diskFreeBytes === undefined ? "" : `, ${diskFreeBytes} bytes of the disk are free`;
  return [`${full}: ${bytes} of ${bytesMax} bytes are used${free}`];
}

/** That it will be full soon, if it goes on like that, or nothing. */
export function fillingJournal({ full, fullInMs, diskFullInMs }: JournalStatus): string[] {
  if (full !== undefined) return [];
  return [
    ...soon("the journal is full", fullInMs, journalSoonMs),
    ...soon("the disk has no room for the journal", diskFullInMs, diskSoonMs),
  ];
}

function soon(what: string, inMs: number | undefined, soonMs: number): string[] {
  return inMs === undefined || inMs > soonMs ? [] : [`${what} in about ${spoken(inMs)}`];
}

/** In the largest unit that is no guess. */
function spoken(ms: number): string {
  if (ms < 120_000) return `${Math.ceil(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
