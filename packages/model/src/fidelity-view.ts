import type { FidelityFact, SessionView } from "./api.ts";
import type { FactState } from "./body-session.ts";
import type { SourceLevel } from "./source-profile.ts";

/** The facts of a source's profile under the names of the contract: those of `fidelity`, and what they rest on. */
export type ExplainedFact =
  | FidelityFact
  | "session"
  | "turn"
  | "decision"
  | "tool_call"
  | "exit_code"
  | "tokens";

/** Why one fact of a session is known, or is not. */
export interface FactExplanation {
  readonly fact: ExplainedFact;
  /** Where the fact is in `fidelity`, the same word. */
  readonly state: FactState;
  /** The best of what the session's agents can tell of it; null where nobody wrote down what they can. */
  readonly level: SourceLevel | null;
  readonly why: string;
  /** What would make it come next time; null where it came, or nothing would. */
  readonly remedy: string | null;
  /** What there was to tell: prompts, calls, answers of the model, flows. `unknown`: nobody could say. */
  readonly occasions: Readonly<Record<FactOccasions, number>>;
}

export type FactOccasions = "told" | "withheld" | "missing" | "unknown";

/** One who spoke in a session. */
export interface SessionSource {
  readonly speaker: "agent" | "observer" | "authority";
  /** The agent or library as people call it; the credential's subject of an observer or an authority. */
  readonly name: string;
  readonly dialect: string;
}

export interface FidelityView {
  readonly session: string;
  readonly agent: SessionView["agent"];
  readonly sources: readonly SessionSource[];
  readonly facts: readonly FactExplanation[];
}
