import type { LinkFact } from "@custody/context";
import type { TenantLedger } from "../ports.ts";

/** Links of one commit: a long session has many. */
const linksMax = 1_000;

/** Commits links under our own name; answers how many the ledger took, or undefined where it did not take them all. */
export async function writeLinks(
  ledger: TenantLedger,
  links: readonly LinkFact[],
): Promise<number | undefined> {
  let written = 0;
  for (let from = 0; from < links.length; from += linksMax) {
    const own = links.slice(from, from + linksMax).map(({ key, ts, session, call, trace, body }) =>
      ledger.record({
        class: "link",
        key,
        ts,
        body,
        ...(session === "" ? {} : { session }),
        ...(call === undefined ? {} : { call }),
        ...(trace === undefined ? {} : { trace }),
      }),
    );
    // In order: what is not taken is looked for again.
    const verdict = await ledger.committer.commit(own);
    if (verdict.outcome !== "committed") return undefined;
    written += verdict.receipt.count;
  }
  return written;
}
