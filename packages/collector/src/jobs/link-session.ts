import { joinEgress, newLinks, winningLinkOf } from "@custody/context";
import type { PlacedRecord } from "@custody/model";
import { wholeSession } from "@custody/storage/queries";
import type { CollectorPorts, TenantLedger } from "../ports.ts";

/** Pages of a session's records read for its joins. */
const pagesMax = 50;

/** Writes what is new to conclude about one session's flows; answers how many links that was, or undefined where the ledger did not take them. */
export async function linkSession(
  ports: CollectorPorts,
  ledger: TenantLedger,
  tenant: string,
  session: string,
): Promise<number | undefined> {
  const records = await wholeSession({ reader: ports.reader, tenant }, session, pagesMax);
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
  return verdict.outcome === "committed" ? verdict.receipt.count : undefined;
}
