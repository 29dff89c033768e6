import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { limits } from "./limits.ts";
import type { Notices } from "./notice.ts";
import { otel } from "./otel.ts";

export interface OutboxLimits {
  readonly queueSpansMax: number;
  readonly batchSpansMax: number;
  readonly sendDelayMs: number;
}

/**
 * Holds ended spans until the collector has acknowledged them. Unlike the SDK's batch processor it
 * keeps a failed batch, so that a collector that comes back still gets it, and it can say what is
 * unsent when the process ends. Its timers never keep the process alive.
 */
export interface Outbox extends SpanProcessor {
  /** Everything not acknowledged yet, oldest first. A batch in flight counts as unsent. */
  unsent(): readonly ReadableSpan[];
  /**
   * How long an unanswered or just failed request may have held the process open already. The final
   * flush takes it off its own time, so that the two together stay within the flush timeout.
   */
  blockedMs(): number;
}

export function createOutbox(
  ports: { exporter: SpanExporter; notices: Notices; undelivered: (reason: string) => void },
  bounds: OutboxLimits,
): Outbox {
  return new SpanOutbox(ports.exporter, ports.notices, ports.undelivered, bounds);
}

class SpanOutbox implements Outbox {
  readonly #exporter: SpanExporter;
  readonly #notices: Notices;
  readonly #undelivered: (reason: string) => void;
  readonly #bounds: OutboxLimits;
  #waiting: ReadableSpan[] = [];
  #sending: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #sendStartedMs = 0;
  #sendFailedMs = Number.NEGATIVE_INFINITY;

  constructor(
    exporter: SpanExporter,
    notices: Notices,
    undelivered: (reason: string) => void,
    bounds: OutboxLimits,
  ) {
    this.#exporter = exporter;
    this.#notices = notices;
    this.#undelivered = undelivered;
    this.#bounds = bounds;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#waiting.length >= this.#bounds.queueSpansMax) {
      // The lost span has a number already: the collector sees the gap in custody.src.seq.
      this.#notices.once(
        "queue-full",
        `more than ${this.#bounds.queueSpansMax} audit spans wait for the collector; newer ones are being dropped and will show as gaps.`,
      );
      return;
    }
    this.#waiting.push(span);
    this.#arm();
  }

  unsent(): readonly ReadableSpan[] {
    return this.#waiting;
  }

  blockedMs(): number {
    const now = performance.now();
    const justFailed = now - this.#sendFailedMs < limits.justFailedMs;
    return this.#sending !== undefined || justFailed ? now - this.#sendStartedMs : 0;
  }

  /** Sends until nothing waits or a batch fails. */
  async forceFlush(): Promise<void> {
    // Batches go one after the other: acknowledgement order is queue order.
    while (this.#waiting.length > 0 && (await this.#send())) {}
  }

  async shutdown(): Promise<void> {
    clearTimeout(this.#timer);
    await this.forceFlush();
    await this.#exporter.shutdown();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#sending !== undefined) return;
    const backoffMs = Math.min(
      this.#bounds.sendDelayMs * 2 ** this.#failures,
      limits.sendBackoffMsMax,
    );
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, backoffMs);
    this.#timer.unref();
  }

  #send(): Promise<boolean> {
    this.#sending ??= this.#sendBatch().then((sent) => {
      this.#sending = undefined;
      this.#failures = sent ? 0 : this.#failures + 1;
      if (!sent) this.#sendFailedMs = performance.now();
      if (this.#waiting.length > 0) this.#arm();
      return sent;
    });
    return this.#sending;
  }

  #sendBatch(): Promise<boolean> {
    this.#sendStartedMs = performance.now();
    const batch = this.#waiting.slice(0, this.#bounds.batchSpansMax);
    const { context } = otel.api();
    return new Promise((resolve) => {
      const quiet = otel.core().suppressTracing(context.active());
      context.with(quiet, () =>
        this.#exporter.export(batch, (result) => {
          const sent = result.code === 0;
          if (sent) this.#waiting = this.#waiting.slice(batch.length);
          else this.#undelivered(reasonOf(result.error));
          resolve(sent);
        }),
      );
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const code = "code" in error ? String(error.code) : "";
  return [code, error.message].filter((word) => word !== "" && word !== "undefined").join(" ");
}
