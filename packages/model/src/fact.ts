import type { Body } from "./class.ts";
import type { Drift, Expectation } from "./drift.ts";
import type { AgentIdentity } from "./record.ts";
import type { RecordClass } from "./record-class.ts";
import type { SourceProfile } from "./source-profile.ts";
import type { TallyRow } from "./tally.ts";
import type { SignalView } from "./view.ts";

/**
 * What a dialect says of one fact, before anything of ours is added: the thing a claim is computed over.
 * It is stateless: only the item itself and its resource speak.
 */
export interface Fact<C extends RecordClass = RecordClass> {
  readonly class: C;
  /**
   * The source's identity of the fact: span id, or conversation + call + role. Two deliveries of one fact have one key; two facts never share one.
   * Undefined: the content digest and the occurrence number within the delivery stand in.
   */
  readonly key?: readonly string[];
  /** Undefined where the source has no usable time: the time of receipt stands in, marked by `attrs["time.source"] = "rx"`. */
  readonly ts?: string;
  readonly end?: string;
  readonly session?: string;
  readonly turn?: string;
  readonly call?: string;
  readonly trace?: string;
  readonly span?: string;
  readonly parent?: string;
  readonly agent?: AgentIdentity;
  readonly vantage?: "enforcer";
  /** The dialect concluded this from absence. */
  readonly inferred?: boolean;
  /** The source's own sequence, where it has one. */
  readonly seq?: { readonly id: string; readonly epoch: string; readonly n: number };
  readonly body: Body<C>;
  /** Content by path: prompts, arguments, outputs, reasons, diffs, URL paths. Becomes salted commitments. */
  readonly content?: Readonly<Record<string, string>>;
  /** Listed attributes, as text. */
  readonly attrs?: Readonly<Record<string, string>>;
  /** What the payload says about identity (principal, tenant, host): kept under `claimed.*`, principals pseudonymised. */
  readonly claimed?: Readonly<Record<string, string>>;
}

/** A union over the class, so that `class` and `body` agree. */
export type AnyFact = { [C in RecordClass]: Fact<C> }[RecordClass];

export interface FactSink {
  fact(fact: AnyFact): void;
  /** Counts one item whose name is known to be noise. Never a way to drop what is not understood. */
  noise(name: string): void;
}

/** Where an item goes: the facts and names that its dialect makes of it, and how it strays from what that dialect expects. */
export interface ItemSink extends FactSink {
  drift(drift: Drift): void;
}

/**
 * One source's words. `claims` is asked in registry order, the first yes wins; a dialect that claims an item must call the sink at least once.
 * `normalise` never throws for bad input: what it does not understand it leaves to `opaque` by returning "opaque".
 */
export interface Dialect {
  readonly name: string;
  readonly version: string;
  /** What its sources can tell: one of a named agent wins over one of all. Absent where it reads no agent's words. */
  readonly profiles?: readonly SourceProfile[];
  readonly expects?: Expectation;
  /** Which of its metrics count what its records tell as well. Read in one place for all dialects, before `normalise`. */
  readonly tallies?: readonly TallyRow[];
  claims(view: SignalView): boolean;
  normalise(view: SignalView, sink: FactSink): "done" | "opaque";
}
