import type { IncomingMessage } from "node:http";

/** What a server said to one request. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly text: string;
}

const answerCharsMax = 65_536;

export function headOf({ statusCode, headers }: IncomingMessage): Omit<HttpAnswer, "text"> {
  const seconds = Number(headers["retry-after"]);
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
  return { status: statusCode ?? 0, retryAfterMs };
}

/** An answer is a few words: what is longer is cut and not read. */
export function keepAnswer(kept: string, chunk: unknown): string {
  return kept.length < answerCharsMax ? kept + String(chunk) : kept;
}

export type PostVerdict =
  | { readonly outcome: "taken"; readonly answer: string }
  | {
      readonly outcome: "refused";
      readonly status: number;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly outcome: "unreachable"; readonly reason: string };

export function verdictOf({ status, retryAfterMs, text }: HttpAnswer): PostVerdict {
  const taken = status >= 200 && status < 300;
  return taken ? { outcome: "taken", answer: text } : { outcome: "refused", status, retryAfterMs };
}

export function unreachable(fault: unknown): PostVerdict {
  if (!(fault instanceof Error)) return { outcome: "unreachable", reason: String(fault) };
  const named = "code" in fault && typeof fault.code === "string";
  return { outcome: "unreachable", reason: named ? String(fault.code) : fault.message };
}
