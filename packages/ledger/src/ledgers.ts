import { readdir } from "node:fs/promises";
import type { RosterEntry } from "@custody/model";
import { reasonOf } from "./errors.ts";
import { type JournalStatus, openJournalQuota } from "./journal-quota.ts";
import { assertTenant, isTenant, tenantsFolder } from "./layout.ts";
import { type EffectiveConfig, type Ledger, type LedgerInput, openLedger } from "./ledger.ts";
import { withLimits } from "./limits.ts";

export interface LedgersInput extends Omit<LedgerInput, "tenant" | "roster" | "quota"> {
  /** A tenant's ledgers of other collectors. */
  readonly roster?: (tenant: string) => readonly RosterEntry[];
}

/** The ledgers of all tenants of a data folder. */
export interface Ledgers {
  /** Opens the tenant's ledger on first use, and again after a fatal failure. Rejects for a name that is none. */
  get(tenant: string): Promise<Ledger>;
  /** Those that are open now. */
  list(): readonly Ledger[];
  /** How their journals stand together: what they use of the disk, and when it is full. */
  journal(): JournalStatus;
  /** Journals a change of configuration in every ledger. The caller puts it into effect only when this answers true. */
  announceConfig(config: EffectiveConfig): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the ledgers of the tenants that are there, since what their journals hold must reach the store, and an idle ledger
 * seals too. The caller holds the folder's lock.
 */
export async function openLedgers(input: LedgersInput): Promise<Ledgers> {
  const open = new Map<string, Promise<Ledger>>();
  const ready = new Map<string, Ledger>();
  let { config } = input;
  let closed = false;
  const quota = await openJournalQuota(input.dir, withLimits(input.limits));

  const start = (tenant: string): Promise<Ledger> => {
    const { roster, ...rest } = input;
    const others = roster && { roster: () => roster(tenant) };
    const opening = openLedger({ ...rest, config, tenant, quota, ...others }).then((ledger) => {
      ready.set(tenant, ledger);
      return ledger;
    });
    open.set(tenant, opening);
    // A tenant that could not be opened is tried again by the next caller.
    opening.catch(() => open.delete(tenant));
    return opening;
  };

  const reopen = async (tenant: string, failed: Ledger): Promise<Ledger> => {
    await failed.close();
    return start(tenant);
  };

  const get = async (tenant: string): Promise<Ledger> => {
    assertTenant(tenant);
    const ledger = ready.get(tenant);
    if (ledger?.status().state === "fatal" && !closed) {
      ready.delete(tenant);
      const again = reopen(tenant, ledger);
      open.set(tenant, again);
      again.catch(() => open.delete(tenant));
      return again;
    }
    return open.get(tenant) ?? start(tenant);
  };

  const close = async (): Promise<void> => {
    closed = true;
    const ledgers = await Promise.allSettled(open.values());
    await Promise.all(
      ledgers.flatMap((ledger) => (ledger.status === "fulfilled" ? [ledger.value.close()] : [])),
    );
    quota.close();
  };

  try {
    // One after another: each may repair megabytes of journal.
    for (const tenant of await tenantsOf(input.dir)) await start(tenant);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    get,
    list: () => [...ready.values()],
    journal: () => quota.status(),
    async announceConfig(next) {
      await Promise.allSettled(open.values());
      const verdicts = await Promise.all(
        [...ready.values()].map((ledger) => ledger.announceConfig(next)),
      );
      const done = verdicts.every(({ outcome }) => outcome === "committed");
      if (done) config = next;
      return done;
    },
    close,
  };
}

/** Tenants with a folder. */
export async function tenantsOf(dir: string): Promise<string[]> {
  try {
    return (await readdir(tenantsFolder(dir))).filter(isTenant).sort();
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return [];
    throw error;
  }
}
