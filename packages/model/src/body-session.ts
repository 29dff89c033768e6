/** How a source treated a fact: it sent it, chose not to, should have and did not, or can never say. */
export type FactState = "reported" | "withheld" | "missing" | "unknown";

/** Facts a source is able to say; a dialect lists them on the session record so that absence can be judged at read. */
export type Capability =
  | "prompt"
  | "arguments"
  | "results"
  | "approvals"
  | "sandbox"
  | "egress"
  | "identity";

/** Bodies hold no content: prompts, arguments, outputs and reasons are under the same name in `sd`. Numbers are integers. */
export interface SessionBodies {
  readonly session: {
    readonly event: "start" | "end" | "mode_change" | "seen";
    readonly approval_mode?: string;
    readonly sandbox_mode?: string;
    readonly sandbox_backend?: string;
    readonly entrypoint?: string;
    readonly provider?: string;
    readonly repo?: string;
    /** Bypass flags in force, in the agent's own words. */
    readonly flags?: readonly string[];
    readonly mcp_servers?: readonly string[];
    readonly parent_session?: string;
    readonly end_reason?: string;
    readonly can?: readonly Capability[];
  };
  readonly turn: {
    readonly event: "start" | "end";
    /** sd: `prompt` */
    readonly prompt_bytes?: number;
    readonly prompt_state: FactState;
    readonly duration_ms?: number;
    readonly interrupted?: boolean;
  };
  readonly inference: {
    readonly provider?: string;
    readonly model?: string;
    readonly status: "ok" | "error" | "retry" | "unknown";
    /** True on the one record per model response that carries the tokens this dialect counts. */
    readonly primary: boolean;
    readonly attempt?: number;
    readonly duration_ms?: number;
    readonly ttft_ms?: number;
    readonly http_status?: number;
    /** sd: `error`, `response` */
    readonly error_type?: string;
    readonly input_tokens?: number;
    readonly cached_input_tokens?: number;
    readonly cache_write_tokens?: number;
    readonly output_tokens?: number;
    readonly reasoning_tokens?: number;
    readonly cost_usd_micros?: number;
    readonly purpose?: string;
  };
}
