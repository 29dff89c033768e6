import { postWhileExiting } from "./final-flush.ts";
import type { PostVerdict } from "./http-answer.ts";
import type { Notices } from "./notice.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createSender } from "./sender.ts";
import type { Settings } from "./settings.ts";
import { countOf, fieldsOf } from "./shape.ts";

/** Brings spans to the collector while the agent runs, and once more while it exits. */
export interface Delivery {
  readonly outbox: Outbox;
  /** Sends what is unsent, synchronously, for at most the flush timeout. Safe to call twice. */
  finish(): void;
  /** True where nothing can be sent synchronously (gRPC): what is unsent goes before the loop ends. */
  readonly needsLoop: boolean;
}

export function createDelivery(settings: Settings, notices: Notices): Delivery | undefined {
  const sender = createSender(settings);
  if (sender === undefined) return undefined;
  if (settings.exporter === "grpc" && settings.key !== undefined) {
    notices.once("grpc-key", "CUSTODY_KEY is not sent over gRPC: use OTEL_EXPORTER_OTLP_HEADERS.");
  }
  const undelivered = (verdict: PostVerdict): void => {
    notices.once("undelivered", undeliveredText(settings, verdict));
  };
  const watched = {
    ...sender,
    send: async (spans: Parameters<typeof sender.send>[0]) => {
      const verdict = await sender.send(spans);
      if (verdict.outcome === "taken") noteRejected(verdict.answer, notices);
      return verdict;
    },
  };
  const outbox = createOutbox({ sender: watched, notices, undelivered }, settings);
  const finish = (): void => {
    const spans = outbox.unsent();
    const budgetMs = settings.flushTimeoutMs - outbox.blockedMs();
    if (spans.length === 0 || budgetMs <= 0) return;
    const request = sender.request(spans);
    if (request === undefined) {
      // The console writes at once; gRPC had its chance before the loop ended.
      void outbox.drain();
      return;
    }
    const verdict = postWhileExiting(request, settings.tls, budgetMs);
    if (verdict.outcome !== "taken") undelivered(verdict);
  };
  return { outbox, finish, needsLoop: settings.exporter === "grpc" };
}

function undeliveredText(settings: Settings, verdict: PostVerdict): string {
  return (
    `cannot deliver audit spans to ${withoutCredentials(settings.endpoint)} (${reasonOf(verdict)}). The agent runs on, unrecorded until this works. ` +
    "Start a collector (npx custody up), or point OTEL_EXPORTER_OTLP_ENDPOINT at one and set CUSTODY_KEY if it asks for a key."
  );
}

function reasonOf(verdict: PostVerdict): string {
  if (verdict.outcome === "refused") return `HTTP ${verdict.status}`;
  return verdict.outcome === "unreachable" ? verdict.reason.slice(0, 200) : "";
}

/** OTLP's partial success: the request was taken, some of its spans were not. */
function noteRejected(answer: string, notices: Notices): void {
  if (!answer.includes("partialSuccess")) return;
  const partial = fieldsOf(fieldsOf(parsed(answer))?.["partialSuccess"]);
  const rejected = Number(countOf(partial?.["rejectedSpans"]) ?? partial?.["rejectedSpans"] ?? 0);
  if (rejected > 0) {
    notices.once("rejected", `the collector refused ${rejected} audit spans of a batch it took.`);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function withoutCredentials(endpoint: string): string {
  try {
    const url = new URL(endpoint);
    return `${url.protocol}//${url.host}${url.pathname}`;
  } catch {
    return "an endpoint that is not a URL";
  }
}
