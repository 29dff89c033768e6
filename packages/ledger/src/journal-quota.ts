import { statfs } from "node:fs/promises";
import { createForecast } from "./forecast.ts";
import type { LedgerLimits } from "./limits.ts";

/** What one ledger uses of the journal: bytes of batch files on the disk, those of them not yet stored, and bytes on their way there. */
interface JournalUse {
  readonly held: number;
  readonly unstored: number;
  readonly queued: number;
}

/** How the journals of a data folder stand, together. */
export interface JournalStatus {
  /** Bytes of batch files on the disk, over all ledgers. */
  readonly bytes: number;
  readonly bytesMax: number;
  /** Of the disk they lie on; undefined where the system does not say. */
  readonly diskFreeBytes: number | undefined;
  /** Why the next batch would be refused, or nothing. */
  readonly full: string | undefined;
  /** Until the quota is used up, if the journal goes on growing as in the last minute. */
  readonly fullInMs: number | undefined;
  /** Until the disk has no room for the journal, if it goes on filling as in the last hour, whoever fills it. */
  readonly diskFullInMs: number | undefined;
}

/** A ledger's place in the quota. */
export interface JournalPlace {
  /** Why so many more bytes cannot be taken from this ledger now. */
  refuses(bytes: number): string | undefined;
  /** It is counted no more. */
  leave(): void;
}

/**
 * One quota over the journals of all ledgers of a data folder: what they may use of the disk, and what they leave free of it. A ledger that is
 * not alone takes half of what the others left at most, so that a tenant that floods while the store is out leaves room for every other.
 */
export interface JournalQuota {
  /** Counts a ledger in, until it leaves. */
  join(use: () => JournalUse): JournalPlace;
  status(): JournalStatus;
  close(): void;
}

export type QuotaLimits = Pick<
  LedgerLimits,
  "journalBytesMax" | "diskFreeBytesMin" | "diskFreeShareMin" | "batchBytesMax"
>;

interface Disk {
  readonly free: number;
  readonly keep: number;
  /** What of it the journals held when it was looked at. */
  readonly held: number;
}

/** How often the disk is looked at; what the journal wrote since is counted in between. */
const lookMs = 1_000;
const journalWindowMs = 60_000;
const diskWindowMs = 3_600_000;

/** Looks at the disk once before it answers. `now`: monotonic milliseconds. */
export async function openJournalQuota(
  folder: string,
  limits: QuotaLimits,
  now: () => number = () => performance.now(),
): Promise<JournalQuota> {
  const uses = new Set<() => JournalUse>();
  const journal = createForecast(journalWindowMs);
  const filling = createForecast(diskWindowMs);
  let disk: Disk | undefined;
  const sum = (part: (use: JournalUse) => number): number =>
    [...uses].reduce((total, use) => total + part(use()), 0);
  const used = (): number => sum((use) => use.held + use.queued);
  const held = (): number => sum((use) => use.held);
  const freeNow = (): number | undefined => disk && disk.free - Math.max(0, used() - disk.held);

  const look = async (): Promise<void> => {
    disk = await diskOf(folder, limits, held);
    journal.note(now(), used());
    if (disk !== undefined) filling.note(now(), -disk.free);
  };
  const overQuota = (bytes: number): string | undefined => {
    if (used() + bytes <= limits.journalBytesMax) return undefined;
    const waits = sum((use) => use.unstored) * 2 < held();
    return waits ? "the journal waits for a checkpoint" : "the journal is full";
  };
  const overShare = (use: () => JournalUse, bytes: number): string | undefined => {
    if (uses.size < 2) return undefined;
    const { held: own, queued } = use();
    const others = used() - own - queued;
    return own + queued + bytes > (limits.journalBytesMax - others) / 2
      ? "the journal has no more room for this tenant"
      : undefined;
  };
  const overDisk = (bytes: number): string | undefined =>
    disk !== undefined && disk.keep > 0 && (freeNow() ?? 0) - bytes < disk.keep
      ? "the disk is nearly full"
      : undefined;
  // The room of one batch is kept back: the next one would be refused.
  const margin = Math.min(limits.batchBytesMax, limits.journalBytesMax / 8);

  await look();
  let looking = false;
  const timer = setInterval(() => {
    // A disk that does not answer is asked once.
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, lookMs);
  timer.unref();

  return {
    join(use) {
      uses.add(use);
      return {
        refuses: (bytes) => overQuota(bytes) ?? overDisk(bytes) ?? overShare(use, bytes),
        leave: () => void uses.delete(use),
      };
    },
    status: () => ({
      bytes: held(),
      bytesMax: limits.journalBytesMax,
      diskFreeBytes: freeNow(),
      full: overQuota(margin) ?? overDisk(Math.min(margin, (disk?.keep ?? 0) / 8)),
      fullInMs: journal.until(limits.journalBytesMax - used()),
      diskFullInMs: disk && filling.until((freeNow() ?? 0) - disk.keep),
    }),
    close: () => clearInterval(timer),
  };
}

/** The same for a ledger that is alone: it ends when the ledger leaves. */
export async function openOwnQuota(folder: string, limits: QuotaLimits): Promise<JournalQuota> {
  const quota = await openJournalQuota(folder, limits);
  return {
    ...quota,
    join(use) {
      const place = quota.join(use);
      return {
        ...place,
        leave() {
          place.leave();
          quota.close();
        },
      };
    },
  };
}

/** What is free, and how much of it stays so: of a small disk a share, or the journal could not be used at all there. */
async function diskOf(
  folder: string,
  limits: QuotaLimits,
  held: () => number,
): Promise<Disk | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    const keep = Math.min(limits.diskFreeBytesMin, blocks * bsize * limits.diskFreeShareMin);
    return { free: bavail * bsize, keep, held: held() };
  } catch {
    // Whoever cannot be asked bounds nothing: a full disk then says so itself, when a batch is written.
    return undefined;
  }
}
