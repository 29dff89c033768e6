import { type Clock, type CommitVerdict, millisOf } from "@custody/model";
import {
  type AssembledBatch,
  type AssemblyParts,
  assembleBatch,
  receiptOf,
} from "./batch-assembly.ts";
import type { Drain } from "./drain.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { type JournalFile, writeBatch } from "./journal.ts";
import type { JournalPlace } from "./journal-quota.ts";
import type { LedgerEvent, OnStep } from "./ports.ts";
import type { WaitingLine } from "./waiting-line.ts";

export interface WriterParts extends AssemblyParts {
  readonly journal: string;
  readonly clock: Clock;
  readonly drain: Drain;
  readonly place: Pick<JournalPlace, "refuses">;
  readonly onStep: OnStep;
  readonly onEvent: (event: Omit<LedgerEvent, "origin">) => void;
  /** A batch file is durable; `durationMs` is what writing it took. */
  readonly onJournalled: (file: JournalFile, sealed: boolean, durationMs: number) => void;
  /** New leaves are durable. */
  readonly onCommitted: (sealed: boolean) => void;
}

/** Makes the front of the line durable, then answers it. */
export interface BatchWriter {
  /** Why nothing may be built on the disk's state any more, if so. */
  write(): Promise<string | undefined>;
}

export function createBatchWriter(
  parts: WriterParts,
  line: Pick<WaitingLine, "at" | "take" | "drop">,
): BatchWriter {
  const { tip, drain } = parts;
  let clockBackMs = 0;

  /** A host's clock may step back; times of receipt never do. */
  const nextRx = (): string => {
    const now = parts.clock.now();
    const last = tip.head.rx;
    if (last === undefined || now >= last) return now;
    clockBackMs = Math.max(clockBackMs, millisOf(last) - millisOf(now));
    return last;
  };

  const makeDurable = async ({ builder, seal }: AssembledBatch): Promise<void> => {
    const { origin: ledger, tenant } = parts;
    const { rx, rows, marks } = builder;
    if (rows.length === 0) return;
    const began = performance.now();
    const file = await writeBatch(parts.journal, { ledger, tenant, rx, rows }, parts.onStep);
    parts.onJournalled(file, seal !== undefined, performance.now() - began);
    tip.apply({ rows, marks, head: builder.head.done(), sealed: seal !== undefined });
    drain.add(file, false);
  };

  const accept = ({ builder, finished, seal }: AssembledBatch): void => {
    for (const call of finished) {
      call.done({ outcome: "committed", receipt: receiptOf(parts.origin, call) });
    }
    seal?.done({ outcome: "sealed" });
    if (builder.rows.length === 0) return;
    if (seal !== undefined) clockBackMs = 0;
    parts.onStep(seal === undefined ? "batch.acknowledged" : "seal.journalled");
    parts.onCommitted(seal !== undefined);
  };

  const refuse = ({ calls, seal }: AssembledBatch, error: unknown): void => {
    const reason = reasonOf(error);
    parts.onEvent({ name: "commit_failed", reason, count: calls.length });
    const verdict: CommitVerdict = isDiskFull(reason)
      ? { outcome: "full", retryAfterMs: parts.limits.retryAfterMs, reason: "the disk is full" }
      : { outcome: "failed", reason };
    for (const call of calls) call.done(verdict);
    seal?.done({ outcome: "failed", reason });
  };

  return {
    async write() {
      const now = { rx: nextRx(), clockBackMs };
      const batch = assembleBatch(parts, line, now);
      line.take(batch.finished.length + (batch.seal === undefined ? 0 : 1));
      try {
        await makeDurable(batch);
      } catch (error) {
        line.drop(batch.calls);
        refuse(batch, error);
        // A plain failure of the disk left nothing behind; anything else may have.
        return isFileError(error) ? undefined : reasonOf(error);
      }
      accept(batch);
      return undefined;
    },
  };
}

/** An error of the operating system: it carries a code such as EIO. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && !(error instanceof LedgerError) && "syscall" in error;
}

function isDiskFull(reason: string): boolean {
  return reason === "ENOSPC" || reason === "EDQUOT";
}
