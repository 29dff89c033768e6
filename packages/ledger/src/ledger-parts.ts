import type { RosterEntry } from "@custody/model";
import type { ChosenLedger } from "./choice.ts";
import { createCommitter, type LedgerCommitter } from "./committer.ts";
import { createDrain, type Drain } from "./drain.ts";
import type { InternalRecords } from "./internal-record.ts";
import type { JournalQuota } from "./journal-quota.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerEvent, LedgerPorts } from "./ports.ts";
import { createPublishLoop, type PublishLoop } from "./publish-loop.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { createSealer, type Sealer } from "./sealer.ts";
import { createStageWatch, type StageWatch } from "./stage-watch.ts";

/** The working parts of an open ledger. */
export interface LedgerParts {
  readonly drain: Drain;
  readonly committer: LedgerCommitter;
  readonly publisher: Publisher;
  readonly loop: PublishLoop;
  readonly sealer: Sealer;
  readonly watch: StageWatch;
  /** Its journal counts no more. */
  leaveQuota(): void;
}

export interface Connection {
  readonly ports: LedgerPorts;
  readonly limits: LedgerLimits;
  readonly quota: JournalQuota;
  readonly chosen: ChosenLedger;
  readonly internal: InternalRecords;
  readonly configDigest: () => string;
  /** The tenant's ledgers elsewhere. */
  readonly otherLedgers: () => readonly RosterEntry[];
}

/** Connects the parts: committer to drain, drain to publisher, and the sealer over all. */
export function connectLedger(connection: Connection): LedgerParts {
  const { ports, limits, quota, chosen, internal, configDigest } = connection;
  const { identity, recovered, layout } = chosen;
  const { origin, tenant } = identity;
  const { tip, state, published, files } = recovered;
  const onStep = ports.onStep ?? (() => undefined);
  const tell = (event: Omit<LedgerEvent, "origin">): void => ports.onEvent?.({ ...event, origin });
  const retry = (reason: string): void => tell({ name: "store_retry", reason });
  const watch = createStageWatch(
    { tenant, origin },
    { size: tip.head.size, published: published?.size ?? 0 },
    ports.onStage,
  );
  const drain = createDrain(
    { store: ports.store, onRetry: retry, onStored: watch.stored },
    limits,
    state.head.size,
  );
  for (const file of files) drain.add(file, true);
  const roster = (size: number): readonly RosterEntry[] => [
    { origin, size },
    ...chosen.earlier,
    ...connection.otherLedgers(),
  ];
  const { signer, clock } = ports;
  const publisher = createPublisher({
    origin,
    layout,
    signer,
    drain,
    onStep,
    published,
    signed: state.signed,
  });
  const place = quota.join(() => {
    const { held, bytes } = drain.waiting;
    const earlier = chosen.retired.map((retired) => retired.waiting.held);
    const before = earlier.reduce((sum, more) => sum + more, 0);
    return { held: held + before, unstored: bytes + before, queued: committer.queuedBytes };
  });
  const committer = createCommitter({
    origin,
    tenant,
    journal: layout.journal,
    clock,
    limits,
    tip,
    drain,
    place,
    internal,
    configDigest,
    roster,
    onStep,
    onEvent: tell,
    onJournalled: watch.journalled,
    onCommitted: (sealed) => {
      if (!sealed) sealer.wake();
    },
  });
  const loop = createPublishLoop(
    { publisher, tip, onEvent: tell, onPublished: watch.published },
    limits,
  );
  const sealer = createSealer({ committer, publisher, loop, tip, limits });
  return { drain, publisher, committer, loop, sealer, watch, leaveQuota: place.leave };
}
