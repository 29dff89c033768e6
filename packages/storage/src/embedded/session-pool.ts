import { Session } from "chdb";
import { StorageError, storageError } from "../errors.ts";
import { storageLimits } from "../limits.ts";

/** Engine sessions of one role. A session runs one statement at a time; further statements wait their turn, first come first served. */
export interface SessionPool {
  /**
   * Runs one statement and answers its text; the session stays taken until the engine is done, also when the caller gave up. A caller that
   * gives up while it waits leaves the line; one whose statement runs is let go, and `left` is told when that has ended.
   */
  run(
    sql: string,
    format: string,
    signal?: AbortSignal,
    left?: (ended: Promise<unknown>) => void,
  ): Promise<string>;
  close(): void;
}

interface Waiting {
  resolve(session: Session): void;
  reject(error: StorageError): void;
}

export interface SessionPlan {
  readonly dir: string;
  readonly connectionArgs: readonly string[];
  readonly count: number;
  /** Statements that make a session what its role is, in order. */
  readonly settings: readonly string[];
}

export function openSessionPool(plan: SessionPlan): SessionPool {
  const all = Array.from({ length: plan.count }, () => openSession(plan));
  const free = [...all];
  const waiting: Waiting[] = [];
  let open = true;
  const closed = () => new StorageError("STORE_CLOSED", "the store is closed");

  const take = async (signal: AbortSignal | undefined): Promise<Session> => {
    if (!open) throw closed();
    const session = free.pop();
    if (session) {
      return session;
    }
    if (waiting.length >= storageLimits.waitingMax) {
      throw new StorageError("STORE_BUSY", `${waiting.length} statements are waiting`);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal?.reason);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener("abort", leave);
          settle(value);
        };
      const place: Waiting = { resolve: settled(resolve), reject: settled(reject) };
      waiting.push(place);
      signal?.addEventListener("abort", leave, { once: true });
    });
  };
  const give = (session: Session): void => {
    const next = waiting.shift();
    if (next) next.resolve(session);
    else free.push(session);
  };

  return {
    run: async (sql, format, signal, left) => {
      signal?.throwIfAborted();
      const session = await take(signal);
      if (signal?.aborted) {
        give(session);
        throw signal.reason;
      }
      const work = ran(session, sql, format).finally(() => give(session));
      return signal ? untilAborted(work, signal, left) : work;
    },
    close: () => {
      open = false;
      for (const caller of waiting.splice(0)) caller.reject(closed());
      for (const session of all) session.close();
    },
  };
}

function openSession(plan: SessionPlan): Session {
  let session: Session | undefined;
  try {
    session = new Session(plan.dir, { connectionArgs: plan.connectionArgs });
    for (const sql of plan.settings) session.query(sql);
    return session;
  } catch (error) {
    session?.close();
    const known = storageError(error, "open");
    // The addon itself refuses a second folder in one process, without an engine code.
    throw known.code === "STORE_UNREACHABLE"
      ? new StorageError("STORE_LOCKED", "the embedded engine cannot open this folder here", {
          cause: error,
        })
      : known;
  }
}

async function ran(session: Session, sql: string, format: string): Promise<string> {
  try {
    return (await session.queryAsync(sql, { format })).text();
  } catch (error) {
    throw storageError(error, "statement");
  }
}

/** The caller is let go at once; its statement ends when somebody ends it, or by the limits of its session. */
async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  left: ((ended: Promise<unknown>) => void) | undefined,
): Promise<T> {
  work.catch(() => undefined);
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      left?.(work.catch(() => undefined));
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (abort) signal.removeEventListener("abort", abort);
  }
}
