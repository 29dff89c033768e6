import type { FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { keyTime, logEnvelope } from "./envelope.ts";
import { eventName, kept, known } from "./fields.ts";

/** `codex.api_request`, `codex.websocket_request`: one attempt at a model call. It has no tokens, so it corroborates. */
export function apiRequest(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const attempt = whole(attributes, "attempt");
  const http = whole(attributes, "http.response.status_code");
  const error = filled(attributes, "error.message");
  const ok = error === undefined && attributes.boolean("success") !== false && (http ?? 200) < 400;
  sink.fact({
    class: "inference",
    key: ["inference", envelope.session ?? "", "request", keyTime(item), String(attempt ?? "")],
    ...envelope,
    body: present({
      status: ok ? ("ok" as const) : ("error" as const),
      primary: false,
      purpose: "request",
      model: envelope.agent.model,
      attempt,
      http_status: http,
      duration_ms: whole(attributes, "duration_ms"),
      error_type: ok ? undefined : http === undefined ? "transport" : `http_${http}`,
    }),
    ...present({ attrs: listed(attributes, kept["codex.api_request"]) }),
    ...contents({ error, attributes: unlisted(item, known) }),
  });
  return "done";
}

/**
 * `codex.sse_event`: a completed response is written twice, first bare and then with its tokens; only the second is the model response
 * (agent-telemetry 1.3). Input tokens include the cached ones.
 */
export function sseEvent(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const input = whole(attributes, "input_token_count");
  const error = filled(attributes, "error.message");
  if (input === undefined && error === undefined) {
    sink.noise(attributes.text(eventName) ?? "codex.sse_event");
    return "done";
  }
  const envelope = logEnvelope(item);
  const output = whole(attributes, "output_token_count");
  const kind = attributes.text("event.kind") ?? "";
  sink.fact({
    class: "inference",
    key: [
      "inference",
      envelope.session ?? "",
      kind,
      keyTime(item),
      `${input ?? ""}/${output ?? ""}`,
    ],
    ...envelope,
    body: present({
      status: error === undefined ? ("ok" as const) : ("error" as const),
      primary: input !== undefined,
      model: envelope.agent.model,
      duration_ms: whole(attributes, "duration_ms"),
      ttft_ms: whole(attributes, "ttft_ms"),
      error_type: error === undefined ? undefined : "stream",
      input_tokens: input,
      cached_input_tokens: whole(attributes, "cached_token_count"),
      cache_write_tokens: whole(attributes, "cache_write_token_count"),
      output_tokens: output,
      reasoning_tokens: whole(attributes, "reasoning_token_count"),
    }),
    ...present({ attrs: listed(attributes, kept["codex.sse_event"]) }),
    ...contents({ error, attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `codex.agent_response` (opt-in): what the model said, without its tokens. */
export function agentResponse(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const response = contentOf(attributes.text("response"), "missing");
  sink.fact({
    class: "inference",
    key: [
      "inference",
      envelope.session ?? "",
      "response",
      attributes.text("item.id") ?? keyTime(item),
    ],
    ...envelope,
    ...present({ turn: filled(attributes, "turn.id") }),
    body: present({
      status: "ok" as const,
      primary: false,
      model: envelope.agent.model,
      purpose: "response",
    }),
    ...present({ attrs: listed(attributes, kept["codex.agent_response"]) }),
    ...contents({ response: response.text, attributes: unlisted(item, known) }),
  });
  return "done";
}
