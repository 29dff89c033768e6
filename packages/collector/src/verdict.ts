import type { CommitVerdict, Receipt } from "@custody/model";
import { Refusal } from "./errors.ts";
import type { Meters } from "./plugins/meters.ts";

/** The receipt of a commit, or the refusal that tells the sender to come again. */
export function refuseUnlessCommitted(verdict: CommitVerdict, meters: Meters): Receipt {
  switch (verdict.outcome) {
    case "committed":
      meters.committed(verdict.receipt.count);
      meters.duplicates(verdict.receipt.duplicates);
      return verdict.receipt;
    case "full":
      throw new Refusal("full", verdict.reason, { retryAfterMs: verdict.retryAfterMs });
    case "failed":
      throw new Refusal("unavailable", verdict.reason, { retryAfterMs: 5_000 });
  }
}
