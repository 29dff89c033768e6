import type { ApprovedBy, Scope } from "@custody/model";

export type Tier = 0 | 1 | 2 | 3;

/** `host` is a name, or `*.` and a name: the star stands for exactly one label. */
export type EgressRule = {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly number[];
  /** `agent`: what the agent itself needs, such as its model's endpoint. A flow there needs no call to explain it. */
  readonly purpose?: "agent" | undefined;
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
    readonly kind: "mcp_server" | "plugin" | "skill" | "hook" | "model" | "extension" | "package";
    /** Of a package with its manager, as commands name it: `npm:left-pad`. */
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

/** Who answers for a document, and for how long: what an overlay that loosens a default has to say of itself. */
export type PolicyAbout = {
  readonly owner: string;
  readonly reason: string;
  /** When it was last looked at. */
  readonly dated: string;
  /** A version counts no longer than this. */
  readonly expires: string;
};

type Accounted<T> = T & { readonly about?: PolicyAbout | undefined };

interface PlainDocuments {
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

export type PolicyDocuments = {
  readonly [K in keyof PlainDocuments]: Accounted<PlainDocuments[K]>;
};
