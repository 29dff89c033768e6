import { type FsckReport, fsck } from "@custody/ledger/fsck";
import { openLedgerReader } from "@custody/ledger/reader";
import type { Store } from "@custody/storage";
import { leafRows } from "@custody/storage/queries";

/** Builds every ledger of the folder again from its bytes and compares: journal, tiles, checkpoints, and the store's rows. */
export async function checkFolder(
  data: string,
  store: Store,
  tenant?: string,
): Promise<FsckReport> {
  const owners = new Map(
    (await openLedgerReader(data).origins()).map((entry) => [entry.origin, entry.tenant]),
  );
  return fsck({
    dir: data,
    ...(tenant === undefined ? {} : { tenant }),
    rows: (origin, from, to) =>
      leafRows({ reader: store.reader, tenant: owners.get(origin) ?? "" }, origin, from, to),
  });
}
