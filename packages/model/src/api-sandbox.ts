import type { Grade } from "./record.ts";

/** What the agent says of its confinement and what its runtime attests, apart, and where the two cannot both be true. */
export interface SandboxCompared {
  readonly observed: SandboxSide | null;
  readonly reported: SandboxSide | null;
  readonly disagreement: readonly SandboxDisagreement[];
}

/** A confinement in the words of one side. */
export interface SandboxSide {
  readonly mode: string | null;
  readonly backend: string | null;
  readonly sandbox: string | null;
  readonly profile: string | null;
  readonly runtime: string | null;
  readonly config_digest: string | null;
  readonly image_digest: string | null;
  readonly network: string | null;
  readonly user: string | null;
  readonly privileged: boolean | null;
  readonly read_only_root: boolean | null;
  readonly writable_roots: readonly string[] | null;
  readonly runtime_socket: boolean | null;
  readonly escapes_allowed: boolean | null;
  readonly at: string | null;
  readonly grade: Grade;
  readonly vantage: "enforcer" | null;
  /** How the sandbox is known to be this session's; null of what the agent says of its own. */
  readonly match: {
    readonly method: string;
    readonly confidence: "high" | "medium" | "low";
  } | null;
}

export interface SandboxDisagreement {
  readonly about: "mode" | "backend" | "network" | "violation" | "escalation";
  readonly observed: string;
  readonly reported: string;
}

export interface SandboxViolation {
  readonly at: string;
  readonly sandbox: string | null;
  readonly kind: string;
  readonly target: string | null;
  readonly result: string | null;
  readonly grade: Grade;
  readonly record: string;
}

export interface SandboxChange {
  readonly at: string;
  readonly what: "mode" | "config_digest";
  readonly from: string;
  readonly to: string;
  readonly grade: Grade;
  readonly record: string;
}
