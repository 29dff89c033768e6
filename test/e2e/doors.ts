import type { Asking } from "./http.ts";

/** One request that writes what an agent must not write. */
export interface Door {
  readonly name: string;
  /** Kind of key that may. */
  readonly kind: "observer" | "authority";
  readonly method: string;
  readonly path: string;
  readonly asking: Asking;
}

const now = (): string => new Date().toISOString();

export const egressList = {
  default: "deny",
  rules: [{ id: "api", host: "api.example.com", ports: [443] }],
} as const;

/** Every door of the collector that takes a key: the contract's section 4, as far as it is built. */
export const doors: readonly Door[] = [
  {
    name: "propose a policy",
    kind: "authority",
    method: "PUT",
    path: "/v1/policies/egress/default",
    asking: { body: { document: egressList } },
  },
  {
    name: "approve a policy",
    kind: "authority",
    method: "POST",
    path: "/v1/policies/egress/default/1/approve",
    asking: { body: {} },
  },
  {
    name: "approve an action",
    kind: "authority",
    method: "POST",
    path: "/v1/approvals",
    asking: {
      body: { verdict: "allow", session: "doors", call: "c1", decided_at: now(), channel: "chat" },
    },
  },
  {
    name: "attest a sandbox",
    kind: "observer",
    method: "PUT",
    path: "/v1/sandboxes/box-1",
    asking: { body: { event: "start", ts: now(), session: "doors", mode: "locked" } },
  },
  {
    name: "report a violation",
    kind: "observer",
    method: "POST",
    path: "/v1/sandboxes/box-1/violations",
    asking: { body: { ts: now(), session: "doors", kind: "write", target: "/etc/passwd" } },
  },
  {
    name: "report a commit",
    kind: "observer",
    method: "POST",
    path: "/v1/changes",
    asking: {
      body: { repo: "acme/shop", commit: "0123456789abcdef0123456789abcdef01234567" },
    },
  },
  {
    name: "import from a sandbox runtime",
    kind: "observer",
    method: "POST",
    path: "/v1/import/sandbox-runtime?source=e2b",
    asking: {
      body: `${JSON.stringify({ type: "sandbox.lifecycle.created", id: "e1", sandboxId: "i1", timestamp: now() })}\n`,
      headers: { "content-type": "application/x-ndjson" },
    },
  },
  {
    name: "report egress",
    kind: "observer",
    method: "POST",
    path: "/v1/egress/ndjson",
    asking: {
      body: `${JSON.stringify({ ts: now(), host: "api.example.com", port: 443, protocol: "https", action: "allowed", session: "doors" })}\n`,
      headers: { "content-type": "application/x-ndjson" },
    },
  },
  {
    name: "name who should report",
    kind: "observer",
    method: "PUT",
    path: "/v1/expected",
    asking: { body: { devices: [{ id: "laptop-1" }] } },
  },
];
