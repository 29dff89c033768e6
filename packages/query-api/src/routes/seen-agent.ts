import type { ExplainedSession } from "@custody/context";

/** One release of one agent, with its sessions that were looked at, newest first: at least one. */
export interface SeenAgent {
  readonly name: string;
  readonly version: string | null;
  readonly sessions: readonly ExplainedSession[];
  /** False: there are older sessions in the period. */
  readonly all: boolean;
}
