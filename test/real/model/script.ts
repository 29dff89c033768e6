/** One call the model chooses. `input` is free text, where the tool takes that instead of arguments. */
export interface ScriptedCall {
  readonly tool: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly input?: string;
}

/** What the model answers to one request of a conversation. */
export interface ScriptedAnswer {
  readonly say?: string;
  readonly calls?: readonly ScriptedCall[];
}

/** A call as it was really answered, under the id the model gave it. */
export interface AnsweredCall extends ScriptedCall {
  readonly id: string;
}

export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** One answer on its way: the same for every API, each tells it in its own form. */
export interface Answer {
  readonly model: string;
  readonly say: string | undefined;
  readonly calls: readonly AnsweredCall[];
  readonly usage: Usage;
  /** Counts answers from one; ids carry it. */
  readonly number: number;
}

/** What the agent told the model back about one call. */
export interface ToldBack {
  readonly call: string;
  readonly output: string;
  readonly isError: boolean;
}

/** One way of talking to a model: how its requests are recognised and read, and how its answers look. */
export interface ModelApi {
  /** Whether a request of this path is one. */
  readonly path: RegExp;
  /** An id of a call as this provider forms them. */
  callId(number: number, index: number): string;
  wantsStream(body: unknown, path: string): boolean;
  /** Every result that the request carries, those of earlier requests too. */
  toldBack(body: unknown): readonly ToldBack[];
  whole(answer: Answer): object;
  /** The same as server-sent events. */
  stream(answer: Answer): readonly string[];
}

/** A field of what an agent sent, whatever that is. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

/** One named server-sent event. */
export function frame(type: string, body: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`;
}
