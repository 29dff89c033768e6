import { acquireFolder } from "@custody/ledger";
import type { FsckReport } from "@custody/ledger/fsck";
import { loadConfig } from "../config.ts";
import { checkFolder } from "./check-folder.ts";
import { openRows } from "./open-rows.ts";
import { systemClock, systemRandom } from "./world.ts";

/** Checks a folder that nobody holds; `held` where a process does, which then has to be asked. */
export async function checkOwnFolder(
  data: string,
  env: NodeJS.ProcessEnv,
  configFile: string | undefined,
): Promise<FsckReport | "held"> {
  const lock = await acquireFolder(data, { clock: systemClock, random: systemRandom });
  if (lock.outcome === "held") return "held";
  try {
    // The rows lie where `custody up` puts them: in the server of CLICKHOUSE_URL or of the configuration, else in the folder.
    const { clickhouse_url: url } = loadConfig({}, env, configFile);
    const store = await openRows(data, url);
    try {
      return await checkFolder(data, store);
    } finally {
      await store.close();
    }
  } finally {
    await lock.release();
  }
}
