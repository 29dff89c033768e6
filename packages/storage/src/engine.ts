import type { Row, Statement } from "@custody/model";

/** What the two implementations of the store have in common below the port; everything above it is shared. */
export interface Engine {
  /** One statement that answers nothing: DDL, or an insert of ours. Refuses with a StorageError. */
  command(statement: Pick<Statement, "sql" | "params">): Promise<void>;
  /** Runs `sql` over the rows of batch files. */
  feed(statement: FeedStatement): Promise<void>;
  /**
   * Resolves when no earlier `feed` of any of these leaves runs any more, of this process or of one that died: a server goes on with a
   * statement whose sender it lost. Ends it where that is needed; what it did by then is for a repair to find.
   */
  quiesce(leaves: LeafRange): Promise<void>;
  rows(statement: Statement, signal?: AbortSignal): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Leaves `[from, to)` of a ledger. */
export interface LeafRange {
  readonly ledger: string;
  readonly from: number;
  readonly to: number;
}

export interface FeedStatement extends Pick<Statement, "params"> {
  /** `direct`: the files go into `ingest` as they are. Otherwise SQL with a slot `{{batch}}` that stands for their rows. */
  readonly sql: "direct" | { readonly over: string };
  /** At least one; several only of one folder. */
  readonly paths: readonly string[];
  /** The leaves in the files, or more. */
  readonly leaves: LeafRange;
}
