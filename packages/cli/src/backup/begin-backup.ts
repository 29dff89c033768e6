import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { acquireFolder } from "@custody/ledger";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { loadConfig } from "../config.ts";
import { Stop } from "../exit-code.ts";
import { openRows } from "../runtime/open-rows.ts";
import { systemClock, systemRandom } from "../runtime/world.ts";
import { takeSnapshot } from "./snapshot.ts";

/** A snapshot of a folder: of its server's making where one runs, else of ours. */
export async function beginBackup(
  data: string,
  flags: ApiFlags & { readonly config?: string },
): Promise<string> {
  if (flags.api !== undefined) return askServer(data, flags);
  const lock = await acquireFolder(data, { clock: systemClock, random: systemRandom });
  if (lock.outcome === "held") return askServer(data, flags);
  try {
    const { clickhouse_url: url } = loadConfig({}, process.env, flags.config);
    // The rows of a server are not copied: it need not run.
    if (url !== undefined)
      return (await takeSnapshot(data, { freeze: async () => false }, [])).path;
    const store = await openRows(data, undefined);
    try {
      return (await takeSnapshot(data, store, [])).path;
    } finally {
      await store.close();
    }
  } finally {
    await lock.release();
  }
}

/** The answer is a place on the server's machine: whoever reads it there could read the data folder anyway. */
async function askServer(data: string, flags: ApiFlags): Promise<string> {
  const client = createApiClient({ ...flags, data }, process.env);
  const { path } = (await client.post("/v1/snapshots", {})) as { readonly path: string };
  if (await isThere(path)) return path;
  throw new Stop(
    "unreachable",
    `the server at ${client.base} put its snapshot at ${path}, which cannot be read here: run this where the server runs, as its user`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export function checkIsDataFolder(data: string): void {
  if (!existsSync(join(data, "tenants"))) {
    throw new Stop("usage", `${data} is not a data folder of Custody; name one with --data`);
  }
}
