import type { Row, Statement } from "@custody/model";

/** What the two implementations of the store have in common below the port; everything above it is shared. */
export interface Engine {
  /** One statement that answers nothing: DDL, or an insert of ours. Refuses with a StorageError. */
  command(statement: Pick<Statement, "sql" | "params">): Promise<void>;
  /** Runs `sql` over the rows of batch files. */
  feed(statement: FeedStatement): Promise<void>;
  /**
   * Resolves when no earlier `feed` of any of these leaves runs any more or ever will, of this process or of one that died: a server goes on
   * with a statement whose sender it lost, and begins one late that was held back on the way. What they did by then is for a repair to find.
   * The answer is the fence that a `feed` of these leaves must carry from now on.
   */
  fence(leaves: LeafRange): Promise<number>;
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
  /**
   * `direct`: the files go into `ingest` as they are. Otherwise SQL with a slot `{{batch}}` that stands for their rows, and a slot
   * `{{unfenced}}` for a condition that refuses the statement if its leaves were fenced.
   */
  readonly sql: "direct" | { readonly over: string };
  /** At least one; several only of one folder. */
  readonly paths: readonly string[];
  /** The leaves in the files, or more. */
  readonly leaves: LeafRange;
  /** The answer of `fence`; zero for files that are fed for the first time. */
  readonly fence: number;
}
