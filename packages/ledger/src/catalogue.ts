import { listFolders } from "./folder.ts";
import type { Identity } from "./identity.ts";
import { type LedgerLayout, tenantLayout } from "./layout.ts";
import { tenantsOf } from "./ledgers.ts";

/** A ledger of a data folder, as its files name it. */
export interface CataloguedLedger {
  readonly tenant: string;
  readonly layout: LedgerLayout;
  readonly identity: Identity;
  /** The tenant's newest one; the others are retired. */
  readonly current: boolean;
}

/** Every ledger with an identity, by tenant, oldest first. */
export async function listLedgers(dir: string): Promise<CataloguedLedger[]> {
  const ledgers: CataloguedLedger[] = [];
  for (const tenant of await tenantsOf(dir)) {
    const folders = await listFolders(tenantLayout(dir, tenant).ledgers);
    const newest = Math.max(...folders.map(({ number }) => number));
    for (const { layout, identity, number } of folders) {
      if (identity === undefined) continue;
      ledgers.push({ tenant, layout, identity, current: number === newest });
    }
  }
  return ledgers;
}
