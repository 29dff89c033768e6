import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { type PostVerdict, unreachable } from "./http-answer.ts";
import { limits } from "./limits.ts";
import type { Notices } from "./notice.ts";
import { otel } from "./otel.ts";
import type { Sender } from "./sender.ts";

export interface OutboxLimits {
  readonly queueSpansMax: number;
  readonly queueCharsMax: number;
  readonly batchSpansMax: number;
  readonly sendDelayMs: number;
}

/**
 * Holds ended spans until the collector has taken them. Unlike the SDK's batch processor it keeps a
 * failed batch, so that a collector that comes back still gets it, and it can say what is unsent
 * when the process ends. Its timers never keep the process alive.
 */
export interface Outbox {
  push(span: ReadableSpan): void;
  /** Sends until nothing waits or a batch fails. */
  drain(): Promise<void>;
  /** Everything not taken yet, oldest first. A batch in flight counts as unsent. */
  unsent(): readonly ReadableSpan[];
  /**
   * How long an unanswered or just failed request may have held the process open already. The final
   * flush takes it off its own time, so that the two together stay within the flush timeout.
   */
  blockedMs(): number;
}

interface OutboxPorts {
  readonly sender: Sender;
  readonly notices: Notices;
  /** Told of every batch that did not get through. */
  readonly undelivered: (verdict: PostVerdict) => void;
}

export function createOutbox(ports: OutboxPorts, bounds: OutboxLimits): Outbox {
  return new SpanOutbox(ports, bounds);
}

/** The collector read the batch and will never take it: a smaller one may do, the same one will not. */
const hopeless: ReadonlySet<number> = new Set([400, 413, 422]);

class SpanOutbox implements Outbox {
  readonly #ports: OutboxPorts;
  readonly #bounds: OutboxLimits;
  #waiting: Waiting[] = [];
  #waitingChars = 0;
  #sending: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** A whole batch waits: the running timer is the short one. */
  #hurried = false;
  #failures = 0;
  #retryAfterMs = 0;
  #batchSpans: number;
  #sendStartedMs = 0;
  #sendFailedMs = Number.NEGATIVE_INFINITY;

  constructor(ports: OutboxPorts, bounds: OutboxLimits) {
    this.#ports = ports;
    this.#bounds = bounds;
    this.#batchSpans = bounds.batchSpansMax;
  }

  push(span: ReadableSpan): void {
    const chars = charsOf(span);
    const tooMany = this.#waiting.length >= this.#bounds.queueSpansMax;
    if (tooMany || this.#waitingChars + chars > this.#bounds.queueCharsMax) {
      // The lost span has a number already: the collector sees the gap in custody.src.seq.
      this.#ports.notices.once(
        "queue-full",
        `${this.#waiting.length} audit spans wait for the collector and no more fit; newer ones are being dropped and will show as gaps.`,
      );
      return;
    }
    this.#waiting.push({ span, chars });
    this.#waitingChars += chars;
    this.#arm();
  }

  unsent(): readonly ReadableSpan[] {
    return this.#waiting.map(({ span }) => span);
  }

  blockedMs(): number {
    const now = performance.now();
    const justFailed = now - this.#sendFailedMs < limits.justFailedMs;
    return this.#sending !== undefined || justFailed ? now - this.#sendStartedMs : 0;
  }

  async drain(): Promise<void> {
    // Batches go one after the other: they arrive in the order of the queue.
    while (this.#waiting.length > 0 && (await this.#send())) {}
  }

  #arm(): void {
    if (this.#sending !== undefined) return;
    const full = this.#waiting.length >= this.#batchSpans && this.#failures === 0;
    if (this.#timer !== undefined && (!full || this.#hurried)) return;
    clearTimeout(this.#timer);
    this.#hurried = full;
    const delayMs = full ? 0 : this.#bounds.sendDelayMs * 2 ** this.#failures;
    const waitMs = Math.min(Math.max(delayMs, this.#retryAfterMs), limits.sendBackoffMsMax);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#hurried = false;
      void this.#send();
    }, waitMs);
    this.#timer.unref();
  }

  #send(): Promise<boolean> {
    this.#sending ??= this.#sendBatch().then((sent) => {
      this.#sending = undefined;
      if (this.#waiting.length > 0) this.#arm();
      return sent;
    });
    return this.#sending;
  }

  async #sendBatch(): Promise<boolean> {
    this.#sendStartedMs = performance.now();
    const batch = this.#waiting.slice(0, this.#batchSpans).map(({ span }) => span);
    const { context } = otel.api();
    // An SDK that the agent starts after us must not trace our own requests.
    const quiet = otel.core().suppressTracing(context.active());
    const verdict = await context.with(quiet, () => this.#post(batch));
    if (verdict.outcome === "taken") this.#taken(batch.length);
    else this.#failed(batch.length, verdict);
    return verdict.outcome === "taken";
  }

  /** A fault while encoding must not become a rejection that nobody handles: that ends the agent. */
  async #post(batch: readonly ReadableSpan[]): Promise<PostVerdict> {
    try {
      return await this.#ports.sender.send(batch);
    } catch (fault) {
      return unreachable(fault);
    }
  }

  #remove(count: number): void {
    for (const { chars } of this.#waiting.splice(0, count)) this.#waitingChars -= chars;
  }

  #taken(count: number): void {
    this.#remove(count);
    this.#failures = 0;
    this.#retryAfterMs = 0;
    this.#batchSpans = this.#bounds.batchSpansMax;
  }

  #failed(count: number, verdict: PostVerdict): void {
    this.#failures += 1;
    this.#sendFailedMs = performance.now();
    this.#ports.undelivered(verdict);
    if (verdict.outcome !== "refused") return;
    this.#retryAfterMs = verdict.retryAfterMs ?? 0;
    if (!hopeless.has(verdict.status)) return;
    this.#batchSpans = Math.ceil(count / 2);
    // One span alone that is refused would keep all others waiting for ever.
    if (count === 1) this.#remove(1);
  }
}

/** An ended span, and how much of the queue it takes. */
interface Waiting {
  readonly span: ReadableSpan;
  readonly chars: number;
}

function charsOf({ attributes }: ReadableSpan): number {
  let chars = 0;
  for (const name in attributes) {
    const value = attributes[name];
    if (typeof value === "string") chars += name.length + value.length;
  }
  return chars;
}
