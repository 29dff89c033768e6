import type {
  Committer,
  CommitVerdict,
  Receipt,
  RecordClass,
  Redacted,
  RosterEntry,
} from "@custody/model";
import { type ChosenLedger, chooseLedger } from "./choice.ts";
import { LedgerError } from "./errors.ts";
import { hostIdentity } from "./host.ts";
import { createInternalRecords, type InternalFact } from "./internal-record.ts";
import { type JournalQuota, openOwnQuota } from "./journal-quota.ts";
import { assertDeployment, tenantLayout } from "./layout.ts";
import { connectLedger, type LedgerParts } from "./ledger-parts.ts";
import { type LedgerLimits, withLimits } from "./limits.ts";
import type { LedgerPorts } from "./ports.ts";
import { signReceipt, type TreeHead } from "./receipts.ts";
import type { PublishVerdict } from "./sealer.ts";
import { startRecords } from "./start-records.ts";
import { openTenantKey } from "./tenant-key.ts";

/** The effective configuration, as a digest and as what may be told about it. */
export interface EffectiveConfig {
  /** Hex. */
  readonly digest: string;
  /** Integers, text, lists: no secrets. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface LedgerInput extends LedgerPorts {
  /** The data folder. */
  readonly dir: string;
  readonly tenant: string;
  /** First part of the origin, named like a domain. */
  readonly deployment: string;
  readonly config: EffectiveConfig;
  /** The tenant's ledgers of other collectors. */
  readonly roster?: () => readonly RosterEntry[];
  readonly limits?: Partial<LedgerLimits>;
  /** Shared by the ledgers of a data folder; absent: one of its own. */
  readonly quota?: JournalQuota;
  /** Names the machine; absent: its id and name. */
  readonly host?: string;
}

export interface LedgerStatus {
  readonly state: "open" | "fatal" | "closed";
  /** Why the ledger must be opened again, or what the store or the signer complains about. */
  readonly reason: string | undefined;
  /** Journalled and acknowledged leaves. */
  readonly size: number;
  readonly stored: number;
  readonly published: TreeHead | undefined;
  /** Batch files not yet stored. */
  readonly journalBytes: number;
  readonly journalFiles: number;
  /** Bytes of all batch files on the disk: those stored wait for a checkpoint. */
  readonly heldBytes: number;
  readonly queuedBytes: number;
  /** How long the oldest file has waited for the store. */
  readonly storeLagMs: number;
  /** Age of the oldest leaf under no checkpoint. */
  readonly publishLagMs: number;
  /** Since the newest seal, or since the ledger was opened. */
  readonly sealAgeMs: number;
}

/** One tenant's ledger, open for writing. */
export interface Ledger extends Committer {
  readonly tenant: string;
  readonly origin: string;
  /** The key that verifies its checkpoints and receipts, in C2SP vkey form. */
  readonly vkey: string;
  /** Keys ids, nonces, claims and pseudonyms; never leaves the process. */
  readonly hmacKey: Uint8Array;
  /** Makes a record of our own, ready to commit. */
  record<C extends RecordClass>(fact: InternalFact<C>): Redacted;
  /** Journals the change. The caller puts it into effect only when this says `committed` (design 6). */
  announceConfig(config: EffectiveConfig): Promise<CommitVerdict>;
  /** Seals what is there now; resolves with the checkpoint over it, or when the ledger closes first. */
  seal(): Promise<PublishVerdict>;
  /** A receipt in the form of the `custody-receipt` header, with the newest tree head as witness. */
  sign(receipt: Receipt): Promise<string>;
  status(): LedgerStatus;
  /** Keeps every batch file on the disk until the answer is called: whoever copies the folder finds what was acknowledged meanwhile. */
  retain(): () => void;
  /** Drains, seals, publishes, closes: waits for the store no longer than `closeMsMax`. */
  close(): Promise<void>;
}

/** Opens a tenant's ledger, or the next one where the last must not be continued. The caller holds the folder's lock. */
export async function openLedger(input: LedgerInput): Promise<Ledger> {
  assertDeployment(input.deployment);
  const limits = withLimits(input.limits);
  const host = input.host ?? (await hostIdentity());
  const layout = tenantLayout(input.dir, input.tenant);
  const hmacKey = await openTenantKey(layout.key, input.random);
  const { tenant, deployment } = input;
  const folder = layout.ledgers;
  const chosen = await chooseLedger({ folder, tenant, deployment, host, ports: input, limits });
  const quota = input.quota ?? (await openOwnQuota(input.dir, limits));
  const ledger = assemble({ ...input, quota }, limits, hmacKey, chosen);
  const started = await ledger.start();
  if (started.outcome === "committed") return ledger;
  await ledger.close();
  throw new LedgerError("STATE_UNKNOWN", `the start cannot be journalled: ${started.reason}`);
}

function assemble(
  input: LedgerInput & { readonly quota: JournalQuota },
  limits: LedgerLimits,
  hmacKey: Uint8Array,
  chosen: ChosenLedger,
): Ledger & { start(): Promise<CommitVerdict> } {
  const { identity, recovered } = chosen;
  const { origin, tenant, vkey } = identity;
  const { tip } = recovered;
  const epoch = Buffer.from(input.random.bytes(8)).toString("hex");
  const source = `ledger:${origin}`;
  const internal = createInternalRecords({
    tenant,
    key: hmacKey,
    clock: input.clock,
    source,
    epoch,
  });
  let config = input.config;
  let closed = false;
  const parts = connectLedger({
    ports: input,
    limits,
    quota: input.quota,
    chosen,
    internal,
    configDigest: () => config.digest,
    otherLedgers: () => input.roster?.() ?? [],
  });
  const { committer, drain, publisher, sealer } = parts;

  const announce = async (next: EffectiveConfig, reason: string): Promise<CommitVerdict> => {
    const key = ["config", origin, epoch, String(tip.head.size), next.digest];
    const body = {
      kind: "config" as const,
      detail: { reason, digest: next.digest, settings: next.detail },
    };
    const verdict = await committer.commitOwn([internal.record({ class: "integrity", key, body })]);
    if (verdict.outcome === "committed") config = next;
    return verdict;
  };

  return {
    tenant,
    origin,
    vkey,
    hmacKey,
    commit: (records) => committer.commit(records),
    record: (fact) => internal.record(fact),
    announceConfig: (next) => announce(next, "change"),
    seal: () => sealer.seal(),
    sign: (receipt) => {
      const witness = publisher.published;
      return signReceipt({ ...receipt, ...(witness && { witness }) }, input.signer);
    },
    status: () => statusOf(parts, tip.head.size, closed),
    retain: () => drain.retain(),
    async start() {
      const first = startRecords(chosen, internal, epoch);
      const verdict = first.length === 0 ? undefined : await committer.commitOwn(first);
      if (verdict !== undefined && verdict.outcome !== "committed") return verdict;
      return announce(config, "start");
    },
    async close() {
      if (closed) return;
      closed = true;
      await committer.close();
      await sealer.close();
      await Promise.all([drain.close(), ...chosen.retired.map((retired) => retired.close())]);
      await sealer.ended();
      parts.leaveQuota();
    },
  };
}

function statusOf(
  { committer, drain, publisher, loop, watch }: LedgerParts,
  size: number,
  closed: boolean,
): LedgerStatus {
  const fatal = committer.fatal ?? loop.fatal;
  const since = drain.oldestAt;
  return {
    state: closed ? "closed" : fatal === undefined ? "open" : "fatal",
    reason: fatal ?? drain.trouble ?? loop.trouble,
    size,
    stored: drain.storedTo,
    published: publisher.published,
    journalBytes: drain.waiting.bytes,
    journalFiles: drain.waiting.files,
    heldBytes: drain.waiting.held,
    queuedBytes: committer.queuedBytes,
    storeLagMs: since === undefined ? 0 : performance.now() - since,
    publishLagMs: watch.publishLagMs,
    sealAgeMs: watch.sealAgeMs,
  };
}
