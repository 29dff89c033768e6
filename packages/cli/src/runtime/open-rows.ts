import { join } from "node:path";
import { openStore, StorageError, type Store } from "@custody/storage";
import { Stop } from "../exit-code.ts";

/** Where the rows lie: in the ClickHouse server that is configured, else in the data folder. */
export async function openRows(data: string, url: string | undefined): Promise<Store> {
  try {
    return await openStore(
      url === undefined ? { kind: "embedded", dir: join(data, "store") } : { kind: "server", url },
    );
  } catch (cause) {
    if (!(cause instanceof StorageError) || url === undefined) throw cause;
    // The URL is not shown: it may hold a password.
    throw new Stop(
      "unreachable",
      `the ClickHouse server that CLICKHOUSE_URL or clickhouse_url names does not take us (${cause.code}); what was acknowledged waits in ${data}`,
      { cause },
    );
  }
}
