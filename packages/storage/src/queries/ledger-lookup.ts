import type { StoreReader } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { ask } from "./ask.ts";

export interface ClaimRow {
  readonly id: string;
  readonly claim: string;
  readonly leaf: number;
}

/** What a ledger that opens may ask the store about itself; the shape of the ledger's own port. */
export interface StoredLedgers {
  recentClaims(query: {
    readonly tenant: string;
    readonly origin: string;
    readonly since: string;
    readonly entriesMax: number;
  }): Promise<readonly ClaimRow[]>;
  storedSize(origin: string): Promise<number>;
  canonical(origin: string, leaf: number): Promise<Uint8Array | undefined>;
}

export function storedLedgers(reader: StoreReader): StoredLedgers {
  const asked = { reader, tenant: "" };
  return {
    recentClaims: async ({ tenant, origin, since, entriesMax }) => {
      const limit = Math.min(entriesMax, storageLimits.resultRowsMax);
      const rows = await ask({ reader, tenant }, "recent-claims", {
        ledger: origin,
        since,
        limit,
      });
      return rows.map((row) => ({
        id: String(row["id_hex"]),
        claim: String(row["claim_hex"]),
        leaf: Number(row["leaf"]),
      }));
    },
    storedSize: async (origin) => {
      const [row] = await ask(asked, "stored-size", { ledger: origin });
      return Number(row?.["size"] ?? 0);
    },
    canonical: async (origin, leaf) => {
      const [row] = await ask(asked, "canonical-of-leaf", { ledger: origin, leaf });
      return row && new Uint8Array(Buffer.from(String(row["canonical_hex"]), "hex"));
    },
  };
}
