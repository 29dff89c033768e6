import { joinEgress, newLinks, winningLinkOf } from "@custody/context";
import { limits, type PlacedRecord, type StoreReader } from "@custody/model";
import { sessionRecords } from "@custody/storage/queries";
import type { CollectorPorts, TenantLedger } from "../ports.ts";

/** Pages of a session's records read for its joins. */
const pagesMax = 50;

/** Writes what is new to conclude about one session's flows; answers how many links that was. */
export async function linkSession(
  ports: CollectorPorts,
  ledger: TenantLedger,
  tenant: string,
  session: string,
): Promise<number> {
  const records = await recordsOf(ports.reader, tenant, session);
  const of = (...classes: readonly string[]): readonly PlacedRecord[] =>
    records.filter(({ record }) => classes.includes(record.class));
  const egress = of("egress");
  if (egress.length === 0) return 0;
  const found = joinEgress({ egress, calls: of("tool_call", "decision") });
  const links = newLinks(found, winningLinkOf(of("link")));
  if (links.length === 0) return 0;
  const own = links.map(({ key, ts, call, body }) =>
    ledger.record({
      class: "link",
      key,
      ts,
      session,
      body,
      ...(call === undefined ? {} : { call }),
    }),
  );
  const verdict = await ledger.committer.commit(own);
  return verdict.outcome === "committed" ? verdict.receipt.count : 0;
}

async function recordsOf(
  reader: StoreReader,
  tenant: string,
  session: string,
): Promise<readonly PlacedRecord[]> {
  const records: PlacedRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    // Each page's cursor is the end of the one before.
    const found = await sessionRecords(
      { reader, tenant },
      { session, limit: limits.pageItemsMax, ...(cursor === undefined ? {} : { cursor }) },
    );
    records.push(...found.items);
    if (found.next === null) break;
    cursor = found.next;
  }
  return records;
}
