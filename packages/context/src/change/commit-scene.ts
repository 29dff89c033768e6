import type { LedgerRecord } from "@custody/model";
import { compareText } from "../record-order.ts";

/** Times of one commit: its own, a merge and a few deployments. */
const momentsMax = 8;
/** Names of its repository: its own, and a fork or two. */
const reposMax = 4;

/** When and where a commit was made. What stands behind the first may have stood first before more was heard: what was weighed by it still counts. */
export interface CommitScene {
  /** As version control shows it, else the earliest time anything was told of it; then every other time, in order. */
  readonly moments: readonly string[];
  readonly repos: readonly string[];
}

export function commitScene(changes: readonly LedgerRecord<"change">[]): CommitScene {
  const committed = changes.flatMap(({ body }) => body.committed_ts ?? []).sort(compareText);
  const told = changes.map(({ ts }) => ts).sort(compareText);
  const repos = changes.flatMap(({ body }) => body.repo ?? []).sort(compareText);
  return {
    moments: [...new Set([...committed, ...told])].slice(0, momentsMax),
    repos: [...new Set(repos)].slice(0, reposMax),
  };
}
