/**
 * What came of an attempt. `claim`: graded as the agent's word, and marked as `SECURITY.md` says. `unchecked`: taken,
 * and this account has no key to read back what was made of it. `unclear`: an answer that tells neither.
 */
export type Outcome = "refused" | "claim" | "unchecked" | "unclear" | "succeeded";

export type Credential = "no key" | "agent key";

/** One attempt under one credential. */
export interface AttackRow {
  readonly name: string;
  readonly tries: string;
  readonly as: Credential;
  /** Method and path of every request, in order. */
  readonly how: readonly string[];
  readonly comes: string;
  /** The call under which it is found; none where it had to be turned away. */
  readonly call: string | null;
  /** Status, and the code of a refusal, of every answer. */
  readonly answers: readonly string[];
  readonly outcome: Outcome;
  /** False of a fault, and of what could not be told. */
  readonly ok: boolean;
  readonly said: string;
  /** Ids of the records that it made and that could be read back. */
  readonly records: readonly string[];
}
