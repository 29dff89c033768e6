import { subscribe } from "node:diagnostics_channel";
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { type HttpAnswer, headOf, keepAnswer } from "./http-answer.ts";

/**
 * Hears what the collector answers to requests of one HTTP agent. The OTLP exporter keeps to itself
 * the status of an answer it would retry, and which spans of a batch were refused.
 */
export interface AnswerTap {
  /** Forgets the last answer. */
  clear(): void;
  last(): HttpAnswer | undefined;
}

interface AnsweredRequest {
  readonly request: ClientRequest & { readonly agent?: Agent };
  readonly response: IncomingMessage;
}

export function tapAnswers(agent: Agent): AnswerTap {
  let heard: IncomingMessage | undefined;
  let text = "";
  subscribe("http.client.response.finish", (message) => {
    const { request, response } = message as AnsweredRequest;
    if (request.agent !== agent) return;
    heard = response;
    text = "";
    response.on("data", (chunk) => {
      text = keepAnswer(text, chunk);
    });
  });
  return {
    clear() {
      heard = undefined;
    },
    last: () => (heard === undefined ? undefined : { ...headOf(heard), text }),
  };
}
