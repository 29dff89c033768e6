import {
  type ApprovedBy,
  canonicalText,
  ModelError,
  type PolicyKind,
  type Scope,
} from "@custody/model";
import { contextLimits } from "./limits.ts";
import { policySchemas } from "./policy-schemas.ts";

export type Tier = 0 | 1 | 2 | 3;

/** `host` is a name, or `*.` and a name: the star stands for exactly one label. */
export type EgressRule = {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly number[];
};
/** Everything that no rule allows is denied. */
export type EgressDocument = { readonly default: "deny"; readonly rules: readonly EgressRule[] };

export type TiersDocument = {
  readonly rules: readonly { readonly label: string; readonly tier: Tier }[];
  readonly default: Tier;
};

/** What an approval must be for calls of a tier. A tier without a requirement needs none. */
export type ApprovalDocument = {
  readonly requirements: readonly {
    readonly tier: Tier;
    readonly by: readonly ApprovedBy[];
    readonly scopes: readonly Scope[];
    /** The approver is neither the requester nor the agent's own principal. */
    readonly four_eyes?: boolean | undefined;
  }[];
};

export type SandboxDocument = {
  readonly profiles: readonly {
    readonly name: string;
    readonly config_digest: string;
    readonly mode?: string | undefined;
    readonly backend?: string | undefined;
    readonly network?: string | undefined;
  }[];
};

export type RolesDocument = {
  readonly roles: readonly { readonly role: string; readonly members: readonly string[] }[];
};

export type PrincipalsDocument = {
  readonly principals: readonly {
    readonly id: string;
    readonly type: "human" | "service";
    /** Several people use it: what it does is attributable to nobody. */
    readonly shared?: boolean | undefined;
  }[];
};

export type AgentsDocument = {
  /** `*` stands for every version. */
  readonly agents: readonly { readonly name: string; readonly versions: readonly string[] }[];
};

export type AgentPolicyDocument = {
  readonly configs: readonly { readonly digest: string; readonly agent?: string | undefined }[];
};

export type ComponentsDocument = {
  readonly components: readonly {
    readonly kind: "mcp_server" | "plugin" | "skill" | "hook" | "model" | "extension";
    readonly name: string;
    readonly version?: string | undefined;
    readonly digest?: string | undefined;
  }[];
};

export type WaiversDocument = {
  readonly waivers: readonly {
    readonly control: string;
    readonly principal: string;
    readonly repo?: string | undefined;
    readonly reason: string;
    /** A waiver always ends: RFC 3339. */
    readonly expires: string;
  }[];
};

export interface PolicyDocuments {
  readonly egress: EgressDocument;
  readonly approval: ApprovalDocument;
  readonly sandbox: SandboxDocument;
  readonly roles: RolesDocument;
  readonly principals: PrincipalsDocument;
  readonly tiers: TiersDocument;
  readonly agents: AgentsDocument;
  readonly agent_policy: AgentPolicyDocument;
  readonly components: ComponentsDocument;
  readonly waivers: WaiversDocument;
}

export interface PolicyProblem {
  /** Dotted path inside the document; empty for the document itself. */
  readonly path: string;
  readonly message: string;
}

export type PolicyVerdict<K extends PolicyKind = PolicyKind> =
  | {
      readonly outcome: "ok";
      readonly document: PolicyDocuments[K];
      /** The canonical text that the policy's digest is the SHA-256 of. */
      readonly digestText: string;
    }
  | { readonly outcome: "invalid"; readonly problems: readonly PolicyProblem[] };

/** Parses a policy document at the door: strict, so that a misspelt member is a problem and not a rule that silently never applies. */
export function policyDocument<K extends PolicyKind>(kind: K, json: unknown): PolicyVerdict<K> {
  const parsed = policySchemas[kind].safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 50).map(({ path, message }) => ({
      path: path.map(String).join("."),
      message,
    }));
    return { outcome: "invalid", problems };
  }
  return canonicalDocument<K>(parsed.data);
}

function canonicalDocument<K extends PolicyKind>(document: PolicyDocuments[K]): PolicyVerdict<K> {
  try {
    const digestText = canonicalText(document);
    if (digestText.length <= contextLimits.policyDocumentUnitsMax) {
      return { outcome: "ok", document, digestText };
    }
    const message = `longer than ${contextLimits.policyDocumentUnitsMax} characters: split it by name`;
    return { outcome: "invalid", problems: [{ path: "", message }] };
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    return { outcome: "invalid", problems: [{ path: "", message: cause.message }] };
  }
}
