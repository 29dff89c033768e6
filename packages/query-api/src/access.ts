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
/** Distinct (key, path, question) kept apart at once; the last of them flushes all. */
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
  /** Undefined where different questions are counted together. */
  readonly queryDigest: string | undefined;
  count: number;
}

export function createAccessLog(commit: CommitAccess): AccessLog {
  const counted = new Map<string, Counted>();

  const add = (read: Omit<Counted, "count">, count: number): void => {
    // Without room, questions to one path are counted together: fewer details, and no read uncounted.
    const hasRoom = counted.has(keyOf(read)) || counted.size < pairsMax;
    const place = hasRoom ? read : { ...read, queryDigest: undefined };
    const known = counted.get(keyOf(place));
    if (known === undefined) counted.set(keyOf(place), { ...place, count });
    else known.count += count;
  };

  const write = async ({ principal, object, queryDigest, count }: Counted): Promise<boolean> =>
    commit(
      principal.tenant,
      {
        action: "query",
        object,
        result: "ok",
        count,
        ...(queryDigest === undefined ? {} : { query_digest: queryDigest }),
      },
      principal.auth.subject,
    );

  const writeAll = async (): Promise<void> => {
    const reads = [...counted.values()];
    counted.clear();
    await Promise.all(
      reads.map(async (read) => {
        // A ledger that fails has taken nothing: what it was told waits for the next flush.
        const taken = await write(read).catch(() => false);
        if (!taken) add(read, read.count);
      }),
    );
  };
  let flushing: Promise<void> = Promise.resolve();
  /** One after another: what one flush could not write is in the next. */
  const flush = (): Promise<void> => {
    flushing = flushing.then(writeAll);
    return flushing;
  };
  const timer = setInterval(() => void flush(), coalesceMs);
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
      add({ principal, object, queryDigest }, 1);
      if (counted.size === pairsMax) void flush();
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function keyOf({ principal, object, queryDigest }: Omit<Counted, "count">): string {
  return canonicalText([principal.tenant, principal.auth.subject, object, queryDigest ?? ""]);
}
