import { canonicalText } from "@custody/model";
import type { ApprovalDocument, TiersDocument } from "./policy-shape.ts";

/**
 * The tiers of compliance 9.1: T0 reads in the workspace; T1 writes in it, or reaches a listed host; T2 leaves it (other folders, packages,
 * other hosts, secrets, pushes); T3 destroys, deploys, or gains rights. What is not known to be harmless is T1, and T2 where arguments were withheld.
 */
export const shippedTiers: TiersDocument = {
  rules: [
    { label: "risk:read_only", tier: 0 },
    { label: "risk:workspace_write", tier: 1 },
    { label: "risk:network_listed", tier: 1 },
    { label: "risk:network", tier: 2 },
    { label: "risk:package_install", tier: 2 },
    { label: "risk:vcs_push", tier: 2 },
    { label: "risk:secret_access", tier: 2 },
    { label: "risk:outside_workspace", tier: 2 },
    { label: "risk:unknown", tier: 2 },
    { label: "kind:net", tier: 2 },
    { label: "kind:browser", tier: 2 },
    { label: "kind:pkg", tier: 2 },
    { label: "risk:privilege", tier: 3 },
    { label: "risk:pipe_to_shell", tier: 3 },
    { label: "risk:destructive", tier: 3 },
    { label: "risk:deploy", tier: 3 },
  ],
  default: 1,
};

/** A person decides on T2, also for a session; on T3 each time, and not the person who asked. A model's approval is never a person's. */
export const shippedApproval: ApprovalDocument = {
  requirements: [
    { tier: 2, by: ["human"], scopes: ["once", "session", "location", "standing"] },
    { tier: 3, by: ["human"], scopes: ["once"], four_eyes: true },
  ],
};

export interface ShippedPolicy {
  readonly kind: "tiers" | "approval";
  readonly name: "shipped";
  readonly version: 1;
  readonly document: TiersDocument | ApprovalDocument;
  /** The canonical text that the policy's digest is the SHA-256 of. */
  readonly digestText: string;
}

/** Defaults that came with the product: visible, in force only where nothing of their kind is, and approved by nobody. */
export const shippedPolicies: readonly ShippedPolicy[] = [
  {
    kind: "tiers",
    name: "shipped",
    version: 1,
    document: shippedTiers,
    digestText: canonicalText(shippedTiers),
  },
  {
    kind: "approval",
    name: "shipped",
    version: 1,
    document: shippedApproval,
    digestText: canonicalText(shippedApproval),
  },
];
