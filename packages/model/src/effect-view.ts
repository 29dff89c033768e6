import type { Grade } from "./record.ts";

/** What a call changed in the world. */
export interface EffectView {
  readonly kind: "file" | "package" | "commit" | "host";
  readonly target: string;
  readonly grade: Grade;
  /** Of a commit and its files: how we know that it is this call's. */
  readonly match?: { readonly method: string; readonly confidence: "high" | "medium" | "low" };
  /** Of a file that version control shows: the commit. */
  readonly commit?: string;
  /** Of a package, where its name or the arguments say them. */
  readonly version?: string;
  readonly registry?: string;
}
