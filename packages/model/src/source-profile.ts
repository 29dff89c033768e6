/** What a source tells of its agent, one word a column of the README's table. */
export const sourceFacts = [
  "session",
  "turn",
  "prompt",
  "decision",
  "approval",
  "tool_call",
  "arguments",
  "result",
  "exit_code",
  "sandbox",
  "egress",
  "tokens",
  "identity",
] as const;
export type SourceFact = (typeof sourceFacts)[number];

/**
 * `full`: always, for every occasion. `partial`: for some occasions, or cut, or only in one of its signals. `withheld`: only once its operator
 * turned it on. `not_exported`: never, whatever the operator sets.
 */
export const sourceLevels = ["full", "partial", "withheld", "not_exported"] as const;
export type SourceLevel = (typeof sourceLevels)[number];

export interface SourceCell {
  readonly level: SourceLevel;
  /** One sentence for somebody who asks why a fact is not there, or what it is worth. Of our own words, ending in a full stop. */
  readonly why: string;
  /** What would make it come, as the operator types it; absent where nothing does. */
  readonly remedy?: string;
  /** The captured scenario (`agent/scenario`) that shows this cell. */
  readonly fixture: string;
}

/** One row of the table: one agent, or one library that agents are written with. */
export interface SourceProfile {
  /** As people call it, for example `Gemini CLI`. */
  readonly title: string;
  /** `agent.name` of its records; absent on the profile of a convention, which stands for every agent that follows it. */
  readonly agent?: string;
  /**
   * `documentation`: nobody could run this agent, so no capture is its own: the cells are its vendor's documentation, and each names the
   * capture of the nearest relative that says the same words. Absent: every cell is captured.
   */
  readonly basis?: "documentation";
  readonly facts: Readonly<Record<SourceFact, SourceCell>>;
}
