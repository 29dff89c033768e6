/** How far an export is. `total` is an estimate while records are read. */
export interface Progress {
  readonly stage: "records" | "controls" | "commit" | "proofs" | "archive";
  readonly done: number;
  readonly total: number;
}
export type OnProgress = (progress: Progress) => void;
