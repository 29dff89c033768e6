import { LedgerError, reasonOf } from "./errors.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerEvent } from "./ports.ts";
import type { Publisher } from "./publisher.ts";
import { backOff, createSignal } from "./signal.ts";
import type { Tip } from "./tip.ts";

/** Brings the pending seal under a checkpoint, however often that takes. */
export interface PublishLoop {
  /** Resolves when nothing is pending, when signing would be wrong, or when the loop is closed. */
  run(): Promise<void>;
  close(): void;
  readonly closed: boolean;
  /** Why nothing may be signed any more, if so. */
  readonly fatal: string | undefined;
  /** What went wrong last, while it does. */
  readonly trouble: string | undefined;
}

export function createPublishLoop(
  parts: {
    readonly publisher: Publisher;
    readonly tip: Tip;
    readonly onEvent: (event: Omit<LedgerEvent, "origin">) => void;
    readonly onPublished: (size: number) => void;
  },
  limits: Pick<LedgerLimits, "retryMsMin" | "retryMsMax">,
): PublishLoop {
  const { publisher, tip, onEvent, onPublished } = parts;
  const interrupt = createSignal();
  let closed = false;
  let fatal: string | undefined;
  let trouble: string | undefined;

  return {
    async run() {
      const pause = backOff(limits);
      while (tip.pending !== undefined && fatal === undefined && !closed) {
        const { pending } = tip;
        try {
          if (await publisher.publish(pending)) {
            tip.published(pending.capture.size);
            onPublished(pending.capture.size);
          }
          trouble = undefined;
        } catch (error) {
          trouble = reasonOf(error);
          if (error instanceof LedgerError && error.code === "SPLIT_VIEW") fatal = trouble;
          onEvent({ name: fatal === undefined ? "publish_retry" : "fatal", reason: trouble });
          if (fatal === undefined) await pause.wait(() => closed, interrupt);
        }
      }
    },
    close() {
      closed = true;
      interrupt.fire();
    },
    get closed() {
      return closed;
    },
    get fatal() {
      return fatal;
    },
    get trouble() {
      return trouble;
    },
  };
}
