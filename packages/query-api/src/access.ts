import { hash } from "node:crypto";
import { type Body, canonicalText, type Principal } from "@custody/model";
import { Refusal } from "./errors.ts";

/** Commits one `access` record of ours; resolves false where it could not be made durable. */
export type CommitAccess = (
  tenant: string,
  body: Body<"access">,
  subject: string,
) => Promise<boolean>;

/** Metadata reads of one key and one path are counted together for this long. */
const coalesceMs = 60_000;
/** Distinct (key, path) pairs counted at once; one more flushes all. */
const pairsMax = 1_000;

/** Every read is a record: content, audit and admin reads before they are answered, metadata reads as counts per minute. */
export interface AccessLog {
  /** Resolves once the read is journalled; refuses the read (503) where it cannot be. */
  before(principal: Principal, body: Body<"access">): Promise<void>;
  /** Counts a metadata read. */
  count(principal: Principal, object: string, query: unknown): void;
  /** Writes what was counted. Also runs every minute. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Counted {
  readonly principal: Principal;
  readonly object: string;
  readonly queryDigest: string;
  count: number;
}

export function createAccessLog(commit: CommitAccess): AccessLog {
  const counted = new Map<string, Counted>();
  const flush = async (): Promise<void> => {
    const pairs = [...counted.values()];
    counted.clear();
    await Promise.all(
      pairs.map(({ principal, object, queryDigest, count }) =>
        commit(
          principal.tenant,
          { action: "query", object, result: "ok", count, query_digest: queryDigest },
          principal.auth.subject,
        ),
      ),
    );
  };
  const timer = setInterval(() => {
    flush().catch(() => undefined);
  }, coalesceMs);
  timer.unref();
  return {
    async before(principal, body) {
      if (!(await commit(principal.tenant, body, principal.auth.subject))) {
        throw new Refusal(
          "not-audited",
          "the ledger did not take the access record; try again shortly",
          {
            retryAfterSeconds: 5,
          },
        );
      }
    },
    count(principal, object, query) {
      const queryDigest = hash("sha256", canonicalText(query), "hex");
      const key = canonicalText([principal.tenant, principal.auth.subject, object, queryDigest]);
      const known = counted.get(key);
      if (known !== undefined) {
        known.count++;
        return;
      }
      counted.set(key, { principal, object, queryDigest, count: 1 });
      if (counted.size >= pairsMax) flush().catch(() => undefined);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
