import type { Grade } from "./record.ts";

/**
 * `linked`: the session's own agent tells of the call that made it as well. `claimed`: a trailer or an attribution names the session, and nothing else
 * does. `possible`: the session worked in that repository at that time.
 */
export const changeStandings = ["linked", "claimed", "possible"] as const;
export type ChangeStanding = (typeof changeStandings)[number];

/** A file of a commit, for whoever may read content. */
export interface ChangedFile {
  readonly path: string;
  readonly added: number | null;
  readonly removed: number | null;
  /** Calls of the session that say they wrote it. */
  readonly calls: readonly string[];
}

/** One commit of a session, with what became of it: of all records that observers made of it. */
export interface ChangeView {
  /** Null of an attribution that names no revision. */
  readonly commit: string | null;
  readonly repo: string | null;
  readonly at: string;
  readonly standing: ChangeStanding;
  readonly match: { readonly method: string; readonly confidence: "high" | "medium" | "low" };
  /** The call that made it. */
  readonly call: string | null;
  readonly grade: Grade;
  readonly agents: readonly string[];
  readonly branch: string | null;
  /** The pull request that it was reviewed in; what came of that stands here, and under the commit that it made. */
  readonly pr: string | null;
  readonly pr_host: string | null;
  /** Null where no observer said whether anybody reviewed it. */
  readonly reviewers: readonly string[] | null;
  readonly checks_passed: boolean | null;
  readonly merged_by: string | null;
  readonly merged_at: string | null;
  readonly deployed_env: string | null;
  readonly files: number | null;
  readonly added: number | null;
  readonly removed: number | null;
  /** Files of it that a call of the session says it wrote, and those that none does; null where content may not be read. */
  readonly attributed: number | null;
  readonly unattributed: number | null;
  readonly changed: readonly ChangedFile[] | null;
  readonly record_ids: readonly string[];
}
