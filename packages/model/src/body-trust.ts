import type { RecordClass } from "./record-class.ts";

/** A ledger of the tenant and the last size its seal knew. */
export interface RosterEntry {
  readonly origin: string;
  readonly size: number;
}

/** `open` and `withdrawn` are a rule's words, the others a person's. */
export type FindingStatus = "open" | "withdrawn" | "triaged" | "contained" | "closed";

/** What the ledger and the product say about themselves. */
export interface TrustBodies {
  readonly access: {
    readonly action: "query" | "content" | "export" | "admin" | "open_disclosure";
    readonly object: string;
    readonly result: "ok" | "refused";
    readonly rows?: number;
    readonly purpose?: string;
    readonly query_digest?: string;
    /** Polls of one object by one key are coalesced per minute. */
    readonly count?: number;
    readonly detail?: Readonly<Record<string, unknown>>;
  };
  /**
   * What a rule found, or what a person says of it. Of all records of one `finding` that a rule wrote, the one with the greatest `basis` counts, on a
   * tie the smallest id; where more knowledge no longer supports it, that one says `withdrawn`. sd: `reason`, of a disposition
   */
  readonly finding: {
    readonly rule: string;
    readonly rule_version: string;
    readonly severity: "critical" | "high" | "medium" | "low";
    readonly status: FindingStatus;
    readonly refs: readonly string[];
    /** Its stable identity: rule, version, session, call, case and what it is about, hashed. Every record of one finding has it. */
    readonly finding?: string;
    readonly case?: string;
    /** Id of the record, or the name, that the case is about where a call or a session can have several. */
    readonly about?: string;
    /** How many records the rule looked at: grows only. Absent on a disposition. */
    readonly basis?: number;
    readonly owner?: string;
    readonly disposition?: "true" | "benign" | "false";
    readonly due?: string;
  };
  /**
   * A join known only with another record in hand. The link with the largest `basis` counts; on a tie the smallest id,
   * so that late and repeated input converges. `trace_session` gives a record that named no conversation, and so has its trace for one, the
   * session that its trace names, and keeps its call; `span_call` gives a call that was named by its span alone the call that the model chose, and
   * counts only while the record is of the link's session. `sandbox_session` gives a record the session that its sandbox names. `session_sandbox` says that a
   * session had the sandbox that the record attests: several may have one, so there the best link of each (record, session) counts; `sandbox_call` gives a
   * violation in it the call that was open.
   */
  readonly link: {
    readonly kind:
      | "egress_call"
      | "sandbox_session"
      | "session_sandbox"
      | "sandbox_call"
      | "approval_call"
      | "session_parent"
      | "trace"
      | "trace_session"
      | "span_call"
      | "change_session";
    /** Id of the record that is linked to (session, call) of this record's envelope. */
    readonly record: string;
    readonly method: string;
    readonly confidence: "high" | "medium" | "low";
    /** How many records the conclusion was drawn from; for the one session that a trace names, that name alone. */
    readonly basis: number;
  };
  readonly integrity: {
    readonly kind:
      | "config"
      | "conflict"
      | "origin"
      | "gap"
      | "hw"
      | "noise"
      /** Counts of `DriftKind` by agent and release: telemetry that strayed from what its dialect was written against. */
      | "drift"
      /** One point of a source's own metrics: what it counted itself, to be held against its records at read and never added to them. */
      | "tally"
      | "claimed"
      | "verify"
      | "anchor"
      | "key"
      | "run"
      | "prune"
      | "recon"
      | "clock"
      /** Devices, principals and agents that should report, as an observer lists them. */
      | "expected"
      /** An alert that was delivered, or given up. */
      | "alert";
    readonly detail: Readonly<Record<string, unknown>>;
  };
  readonly heartbeat: {
    readonly last_seq: number;
    readonly dropped: number;
    readonly queue?: number;
    readonly clock_offset_ms?: number;
  };
  /** sd: `payload`: the whole span, log record or metric point, as OTLP/JSON. */
  readonly opaque: {
    readonly signal: "span" | "log" | "metric" | "hook" | "line";
    readonly name: string;
    readonly scope?: string;
    readonly service?: string;
    readonly bytes: number;
  };
  /** Commits `[from, to)`; `to` is the leaf of the seal itself. Counts and accumulators run since the ledger began; seals are not folded. */
  readonly seal: {
    readonly from: number;
    readonly to: number;
    readonly prev: string | null;
    readonly counts: Readonly<Partial<Record<RecordClass, number>>>;
    readonly acc: Readonly<Partial<Record<RecordClass, string>>>;
    readonly config_digest: string;
    readonly roster: readonly RosterEntry[];
    readonly hw_digest: string | null;
    readonly gaps: number;
  };
}
