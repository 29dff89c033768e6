import { join } from "node:path";
import { type FsckReport, fsck } from "@custody/ledger/fsck";
import { openStore } from "@custody/storage";
import { checkFolder } from "../runtime/check-folder.ts";

/** `fsck` of a folder that nobody has opened yet. Rows that lie in a server are not looked at. */
export async function checkRestored(
  data: string,
  rows: "embedded" | "server",
): Promise<FsckReport> {
  if (rows === "server") return fsck({ dir: data });
  const store = await openStore({ kind: "embedded", dir: join(data, "store") });
  try {
    return await checkFolder(data, store);
  } finally {
    await store.close();
  }
}
