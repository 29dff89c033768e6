import type { JournalFile } from "./journal.ts";
import type { StageDone } from "./ports.ts";

/** Leaves, bytes and the time of the first of them, from one seal to the next. */
interface Stretch {
  readonly from: number;
  to: number;
  bytes: number;
  /** In `performance.now()` milliseconds; undefined while the stretch is empty. */
  since: number | undefined;
}

/** Tells what got through each stage, and knows how old is what did not. Seals come one at a time, so two stretches are all there is to keep. */
export interface StageWatch {
  journalled(file: JournalFile, sealed: boolean, durationMs: number): void;
  stored(files: readonly { file: JournalFile; addedAt: number }[], durationMs: number): void;
  published(size: number): void;
  /** Age of the oldest leaf that is under no checkpoint. */
  readonly publishLagMs: number;
  /** Since the newest seal was journalled, or since the ledger was opened. */
  readonly sealAgeMs: number;
}

export function createStageWatch(
  ledger: { readonly tenant: string; readonly origin: string },
  /** Leaves journalled, and those of them under a checkpoint, when the ledger opens. */
  start: { readonly size: number; readonly published: number },
  onStage: ((done: StageDone) => void) | undefined,
): StageWatch {
  const now = performance.now();
  let sealedAt = now;
  let open = stretch(start.published);
  if (start.size > start.published) Object.assign(open, { to: start.size, since: now });
  let sealed: (Stretch & { readonly at: number }) | undefined;

  const tell = (done: Omit<StageDone, "tenant" | "origin">): void => {
    const { tenant, origin } = ledger;
    try {
      onStage?.({ ...done, tenant, origin });
    } catch {
      // Who counts must not stop what is counted.
    }
  };

  return {
    journalled({ from, to, bytes }, isSeal, durationMs) {
      tell({ stage: "journalled", from, to, bytes, files: 1, durationMs, waitedMs: [] });
      const at = performance.now();
      open.to = to;
      open.bytes += bytes;
      open.since ??= at;
      if (!isSeal) return;
      const { from: first, bytes: size } = open;
      tell({ stage: "sealed", from: first, to, bytes: size, files: 1, durationMs, waitedMs: [] });
      sealedAt = at;
      // What an earlier seal left unpublished goes under the same checkpoint.
      sealed = { ...(sealed === undefined ? open : joined(sealed, open)), at };
      open = stretch(to);
    },
    stored(files, durationMs) {
      const at = performance.now();
      tell({
        stage: "stored",
        from: Math.min(...files.map(({ file }) => file.from)),
        to: Math.max(...files.map(({ file }) => file.to)),
        bytes: files.reduce((sum, { file }) => sum + file.bytes, 0),
        files: files.length,
        durationMs,
        waitedMs: files.map(({ addedAt }) => at - addedAt),
      });
    },
    published(size) {
      if (sealed === undefined || sealed.to > size) return;
      const { from, to, bytes, at, since = at } = sealed;
      const ended = performance.now();
      const durationMs = ended - at;
      const waitedMs = [ended - since];
      tell({ stage: "published", from, to, bytes, files: 1, durationMs, waitedMs });
      sealed = undefined;
    },
    get publishLagMs() {
      const since = sealed?.since ?? open.since;
      return since === undefined ? 0 : performance.now() - since;
    },
    get sealAgeMs() {
      return performance.now() - sealedAt;
    },
  };
}

function stretch(from: number): Stretch {
  return { from, to: from, bytes: 0, since: undefined };
}

function joined(earlier: Stretch, later: Stretch): Stretch {
  const { from, since } = earlier;
  return { from, since, to: later.to, bytes: earlier.bytes + later.bytes };
}
