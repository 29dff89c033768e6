/** One call the model decides on. */
export interface ModelCallStep {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The id the model gives it; by default made from the request's and the call's number. */
  readonly id?: string;
}

export interface ModelUsage {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly reasoning?: number;
}

/** What the model says: text, calls, or both. */
export interface ModelSpeech {
  readonly say?: string;
  readonly calls?: readonly ModelCallStep[];
  readonly usage?: ModelUsage;
  readonly frameDelayMs?: number;
  /** Breaks the connection in the middle of a stream. */
  readonly cutAfterFrames?: number;
}

export interface ModelError {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}

/** What the model does at one request: it speaks, fails, or never answers. */
export type ModelStep = ModelSpeech | { readonly error: ModelError } | { readonly hang: true };

/** A step together with the request it answers. */
export interface Speech {
  readonly step: ModelSpeech;
  readonly model: string;
  readonly number: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A fixed moment, so that answers are the same in every run. */
export const createdAt = 1_790_000_000;

export function callId(speech: Speech, call: ModelCallStep, index: number): string {
  return call.id ?? `call_${String(speech.number).padStart(2, "0")}${index}fake`;
}

export function usageOf(speech: Speech): Required<ModelUsage> {
  const { input = 10, output = 5, cached = 0, reasoning = 0 } = speech.step.usage ?? {};
  return { input, output, cached, reasoning };
}

/** Text in pieces, as a stream brings it. */
export function pieces(text: string, charsEach = 12): readonly string[] {
  const count = Math.ceil(text.length / charsEach);
  return Array.from({ length: count }, (_, at) => text.slice(at * charsEach, (at + 1) * charsEach));
}
