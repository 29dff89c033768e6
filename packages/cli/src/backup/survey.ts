import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openLedgerReader } from "@custody/ledger/reader";
import { privateKeys } from "./manifest.ts";
import { folderPieces } from "./sink.ts";

export interface Survey {
  readonly files: number;
  readonly bytes: number;
  readonly free_bytes: number;
  readonly origins: readonly string[];
  readonly left_out: readonly string[];
}

/** What a back-up would take, by the files as they lie there now: parts that merges replaced are counted as well. */
export async function surveyFolder(data: string, to: string, keys: boolean): Promise<Survey> {
  let files = 0;
  let bytes = 0;
  for (const name of ["tenants", "store"]) {
    if (!existsSync(join(data, name))) continue;
    for await (const piece of folderPieces(join(data, name))) {
      files += 1;
      bytes += piece.bytes;
    }
  }
  let at = dirname(to);
  while (!existsSync(at)) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  const origins = (await openLedgerReader(data).origins()).map(({ origin }) => origin);
  const leftOut = keys ? [] : privateKeys.filter((name) => existsSync(join(data, name)));
  return { files, bytes, free_bytes: bavail * bsize, origins, left_out: leftOut };
}
