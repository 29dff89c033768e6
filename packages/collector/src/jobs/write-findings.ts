import type { TenantLedger } from "../ports.ts";
import type { Seen } from "./look.ts";

/** Findings of one commit. */
const findingsMax = 1_000;

/** Commits what looks found under our own name; answers how many the ledger took, or undefined where it did not take them all. */
export async function writeFindings(
  ledger: TenantLedger,
  looks: readonly Seen[],
): Promise<number | undefined> {
  const own = looks.flatMap(({ facts, agent, day }) =>
    facts.map((fact) =>
      ledger.record({
        class: "finding",
        key: fact.key,
        ts: fact.ts,
        body: fact.body,
        grade: fact.inferred ? "inferred" : "derived",
        ...(fact.session === undefined ? {} : { session: fact.session }),
        ...(fact.call === undefined ? {} : { call: fact.call }),
        ...(agent === undefined ? {} : { agent }),
        ...(day === undefined ? {} : { attrs: { day } }),
      }),
    ),
  );
  let written = 0;
  for (let from = 0; from < own.length; from += findingsMax) {
    // In order: what is not taken is found again.
    const verdict = await ledger.committer.commit(own.slice(from, from + findingsMax));
    if (verdict.outcome !== "committed") return undefined;
    written += verdict.receipt.count;
  }
  return written;
}
