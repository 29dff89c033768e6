import type { LedgerReading, SelfReadings } from "@custody/collector";
import {
  type JournalStatus,
  type LedgerEvent,
  type LedgerStatus,
  type Ledgers,
  ledgerLimits,
  type StageDone,
} from "@custody/ledger";
import type { Store } from "@custody/storage";

/** Passes on what ledgers tell to whoever listens: ledgers open before there is a collector. */
export interface Hub<T> {
  tell(what: T): void;
  listen(listener: (what: T) => void): void;
}

export function createHub<T>(): Hub<T> {
  const listeners: ((what: T) => void)[] = [];
  return {
    tell(what) {
      for (const listener of listeners) listener(what);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}

/** What the process can say of its ledgers and its store. */
export function selfReadings(
  ledgers: Ledgers,
  store: Store,
  hubs: { readonly stages: Hub<StageDone>; readonly events: Hub<LedgerEvent> },
): SelfReadings {
  return {
    ledgers: () =>
      reading(
        ledgers.list().map((ledger) => ledger.status()),
        ledgers.journal(),
      ),
    engine: () => store.measures(),
    onStage: hubs.stages.listen,
    onLedgerEvent: hubs.events.listen,
  };
}

const secondsOf = (ms: number | undefined): number => (ms === undefined ? Infinity : ms / 1000);

function reading(all: readonly LedgerStatus[], journal: JournalStatus): LedgerReading {
  const { queueBytesMax } = ledgerLimits;
  const sum = (read: (status: LedgerStatus) => number): number =>
    all.reduce((total, status) => total + read(status), 0);
  const most = (read: (status: LedgerStatus) => number): number => Math.max(0, ...all.map(read));
  const inState = (state: LedgerStatus["state"]): number =>
    all.filter((status) => status.state === state).length;
  return {
    states: { open: inState("open"), fatal: inState("fatal"), closed: inState("closed") },
    queueBytes: sum((status) => status.queuedBytes),
    queueBytesMax,
    journalFiles: sum((status) => status.journalFiles),
    heldBytes: journal.bytes,
    journalBytesMax: journal.bytesMax,
    fillRatio: journal.full === undefined ? journal.bytes / journal.bytesMax : 1,
    fullInSeconds: secondsOf(journal.fullInMs),
    diskFreeBytes: journal.diskFreeBytes ?? Number.NaN,
    diskFullInSeconds: secondsOf(journal.diskFullInMs),
    publishLagSeconds: most((status) => status.publishLagMs) / 1000,
    sealAgeSeconds: most((status) => status.sealAgeMs) / 1000,
  };
}
