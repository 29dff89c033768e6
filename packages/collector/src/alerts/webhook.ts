import { createHmac } from "node:crypto";
import type { Alert, AlertTarget } from "./alert.ts";

/** How long a receiver may take to answer. */
const timeoutMs = 10_000;

export type Delivery =
  | { readonly outcome: "delivered" }
  | { readonly outcome: "failed"; readonly reason: string };

/**
 * One POST of JSON. The signature is HMAC-SHA-256 over time and body, so that a receiver knows who sent it and when. `witness` is `size:root` of the newest
 * checkpoint: whoever keeps it can later show that the log was another. A redirect is not followed: the address is the operator's.
 */
export async function deliverWebhook(
  target: Extract<AlertTarget, { readonly kind: "webhook" }>,
  alert: Alert,
  { witness, now }: { readonly witness: string | null; readonly now: string },
): Promise<Delivery> {
  const body = JSON.stringify({ type: "custody.finding", ...alert, witness, sent_at: now });
  const signature = createHmac("sha256", target.secret).update(`${now}.${body}`).digest("hex");
  try {
    const response = await fetch(target.url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        "content-type": "application/json",
        "idempotency-key": alert.finding,
        "custody-signature": `t=${now},v1=${signature}`,
      },
      body,
    });
    // What a receiver answers is not read.
    await response.body?.cancel();
    return response.ok
      ? { outcome: "delivered" }
      : { outcome: "failed", reason: `status ${response.status}` };
  } catch (cause) {
    return { outcome: "failed", reason: reasonOf(cause) };
  }
}

/** The code of a failed connection, never a text that somebody else wrote. */
function reasonOf(cause: unknown): string {
  const { name, cause: inner } = cause as Error;
  const code = (inner as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? code : name;
}
