import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What this account could do to a part of the data folder. Nothing is read from or written to any of them. */
export interface AccountRow {
  readonly path: string;
  readonly could: "read" | "write";
  /** `absent`: not there, or in a folder that this account cannot look into. */
  readonly outcome: "open" | "closed" | "absent";
  readonly said: string;
}

interface Part {
  readonly path: string;
  readonly could: AccountRow["could"];
  readonly said: string;
}

/** An agent under this account could do the same. */
export function accountRows(data: string): readonly AccountRow[] {
  const tenants = listed(join(data, "tenants")).map((name) => join(data, "tenants", name));
  const parts: readonly Part[] = [
    { path: data, could: "write", said: "put another folder in the place of any part" },
    { path: join(data, "admin.key"), could: "read", said: "make itself any key, and read content" },
    { path: join(data, "keys.json"), could: "write", said: "let in a key of its own" },
    { path: join(data, "log.key"), could: "read", said: "sign a fork of the ledger" },
    { path: join(data, "bundle.key"), could: "read", said: "sign a bundle" },
    { path: join(data, "store"), could: "write", said: "hide rows from readers" },
    ...tenants.flatMap((tenant): readonly Part[] => [
      { path: join(tenant, "key"), could: "read", said: "test guesses of pseudonyms" },
      ...listed(join(tenant, "ledgers")).map(
        (ledger): Part => ({
          path: join(tenant, "ledgers", ledger, "journal"),
          could: "write",
          said: "rewrite what is not under a checkpoint yet",
        }),
      ),
    ]),
  ];
  return parts.map((part) => ({ ...part, outcome: outcomeOf(part) }));
}

function outcomeOf({ path, could }: Part): AccountRow["outcome"] {
  if (!existsSync(path)) return "absent";
  try {
    accessSync(path, could === "read" ? constants.R_OK : constants.W_OK);
    return "open";
  } catch {
    return "closed";
  }
}

/** Names in a folder; none where this account cannot look. */
function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
