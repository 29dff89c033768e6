import type { LedgerLookup, RecentClaim } from "@custody/ledger";
import { canonicalBytes } from "@custody/model";
import type { Store } from "@custody/storage";
import { claimsSince, recordsByLeaf } from "@custody/storage/queries";

/** What a ledger that opens may ask the store. A store that does not answer counts as one that knows nothing. */
export function lookupOf(store: Store, tenants: readonly string[]): LedgerLookup {
  const { reader } = store;
  return {
    recentClaims: async ({ tenant, origin, since, entriesMax }) => {
      const found: RecentClaim[] = [];
      for await (const { ledger, id, claim, leaf } of claimsSince({ reader, tenant }, since)) {
        if (ledger !== origin) continue;
        found.push({ id, claim, leaf });
        if (found.length >= entriesMax * 2) found.splice(0, entriesMax);
      }
      return found.slice(-entriesMax);
    },
    storedSize: async (origin) => {
      const { ledgers } = await store.status();
      const known = ledgers.find(({ ledger }) => ledger === origin);
      return known === undefined ? 0 : known.leafMax + 1;
    },
    canonical: async (origin, leaf) => {
      for (const tenant of tenants) {
        // The canonical form of what was parsed from canonical bytes is those bytes.
        for await (const { record } of recordsByLeaf({ reader, tenant }, origin, leaf, leaf + 1)) {
          return canonicalBytes(record);
        }
      }
      return undefined;
    },
  };
}
