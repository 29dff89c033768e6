import { createHash } from "node:crypto";
import {
  type Auth,
  type Body,
  type LedgerRecord,
  type PlacedRecord,
  type RecordClass,
  recordVersion,
} from "@custody/model";

export const agentAuth: Auth = { method: "bearer", kind: "agent", subject: "laptop-1" };
export const observerAuth: Auth = { method: "bearer", kind: "observer", subject: "proxy-1" };
export const authorityAuth: Auth = { method: "bearer", kind: "authority", subject: "usr_bob" };
export const internalAuth: Auth = { method: "internal", kind: "internal", subject: "custody" };

/** `second` counts from 07:28:00; fractions are milliseconds. */
export function at(second: number): string {
  const millis = Date.parse("2026-11-23T07:28:00.000Z") + Math.round(second * 1000);
  return `${new Date(millis).toISOString().slice(0, 23)}000000Z`;
}

type Over = Partial<Omit<LedgerRecord, "class" | "body" | "src">> & { readonly auth?: Auth };

/** A record as a test writes it by hand: session `s1`, an agent's own key, id of everything it says. */
export function placed<C extends RecordClass>(
  name: C,
  second: number,
  body: Body<C>,
  { auth = agentAuth, ...over }: Over = {},
): PlacedRecord {
  const said = { class: name, ts: at(second), session: "s1", body, ...over };
  const sha = createHash("sha256")
    .update(JSON.stringify([said, auth]))
    .digest("hex");
  const record = {
    v: recordVersion,
    id: sha.slice(0, 32),
    tenant: "acme",
    rx: at(second + 1),
    src: { id: auth.subject, epoch: "", auth },
    nonce: "",
    grade: auth.kind === "observer" || auth.kind === "authority" ? "observed" : "reported",
    dialect: { name: "codex", version: "1" },
    ...(auth.kind === "agent"
      ? {
          agent: { name: "codex", version: "0.169.0" },
          actor: { id: auth.subject, type: "service" },
        }
      : {}),
    ...said,
  } as LedgerRecord;
  return { ledger: "l", leaf: second, sha, record };
}
