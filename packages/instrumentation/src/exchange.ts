import type { AttributeList } from "./attribute-list.ts";

/** One call of a tool as the model decided it. */
export interface DecidedCall {
  readonly call: string;
  readonly tool: string;
  /** As the model wrote them: JSON for functions, free text for custom tools. */
  readonly arguments: string;
  /** Set when the provider ran the tool itself, with what is known of the outcome. */
  readonly byProvider?: { readonly output: string | undefined; readonly failed: boolean };
}

/** What the agent gave back to the model for a call. */
export interface CallResult {
  readonly call: string;
  readonly text: string;
}

/** A request to a model, read only as far as an audit needs: what is new at its end. */
export interface ModelRequest {
  readonly operation: "chat";
  readonly model: string;
  readonly parameters: AttributeList;
  /** What a person or program newly asked, if the request ends with it. */
  readonly userText: string | undefined;
  /** Tells a repeated request from a new one with the same words. */
  readonly itemCount: number;
  readonly results: readonly CallResult[];
  /** Calls of the assistant's last message, for results whose decision was never seen. */
  readonly lastCalls: readonly DecidedCall[];
}

export interface Usage {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cached?: number | undefined;
  readonly reasoning?: number | undefined;
}

export interface ModelAnswer {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly finishReasons: readonly string[];
  readonly usage: Usage;
  /** The assistant's text beside its calls: the reason it gave. */
  readonly text: string;
  readonly calls: readonly DecidedCall[];
  /** False for a stream that stopped before its end. */
  readonly complete: boolean;
  readonly errorType: string | undefined;
}

/** Assembles an answer from stream chunks. */
export interface AnswerReader {
  take(chunk: unknown): void;
  /** Everything seen so far. Calls appear once they are whole. */
  answer(): ModelAnswer;
}

/** One API of a model provider: how to read its requests and its answers. */
export interface ModelApi {
  readRequest(body: unknown): ModelRequest;
  readAnswer(body: unknown): ModelAnswer;
  reader(): AnswerReader;
}
