import type { FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { eventKey, logEnvelope } from "./envelope.ts";
import { common, kept, known } from "./fields.ts";

/**
 * `api_response`: one answer of a model with its tokens, and the only record of it that counts. Cached tokens are part of the input and
 * reasoning is part of the output (checked against the totals of the model server in every capture).
 */
export function apiResponse(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  sink.fact({
    class: "inference",
    key: inferenceKey(item, "response"),
    ...logEnvelope(item),
    body: present({
      status: "ok" as const,
      primary: true,
      model: filled(attributes, common.model),
      purpose: filled(attributes, common.subagent),
      duration_ms: whole(attributes, "duration_ms"),
      ttft_ms: whole(attributes, "ttft_ms"),
      http_status: httpStatus(item),
      input_tokens: whole(attributes, "input_token_count"),
      cached_input_tokens: whole(attributes, "cached_content_token_count"),
      output_tokens: whole(attributes, "output_token_count"),
      reasoning_tokens: whole(attributes, "thoughts_token_count"),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({
      response: contentOf(filled(attributes, "response_text"), "withheld").text,
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}

/** Calls of several sub-agents may end in one millisecond. */
function inferenceKey(item: LogView, role: string): readonly string[] {
  const about = ["response_id", common.prompt, common.model, "duration_ms"];
  return [
    ...eventKey(item, "inference", role),
    ...about.map((name) => item.attributes.text(name) ?? ""),
    item.spanId ?? "",
  ];
}

function httpStatus({ attributes }: LogView): number | undefined {
  return whole(attributes, "http.status_code") ?? whole(attributes, "status_code");
}

/** `api_error`, `api_cancel`, `api_retry`: a model call that gave no answer, and what the agent made of it. */
export function apiFailure(
  status: "error" | "retry",
  otherwise: string,
): (item: LogView, sink: FactSink) => "done" {
  return (item, sink) => {
    const { attributes } = item;
    sink.fact({
      class: "inference",
      key: inferenceKey(item, otherwise),
      ...logEnvelope(item),
      body: present({
        status,
        primary: false,
        model: filled(attributes, common.model) ?? filled(attributes, "model_name"),
        purpose: filled(attributes, common.subagent),
        attempt: whole(attributes, "attempt") ?? whole(attributes, "attempt_number"),
        duration_ms: whole(attributes, "duration_ms") ?? whole(attributes, "duration"),
        http_status: httpStatus(item),
        error_type:
          filled(attributes, "error_type") ?? filled(attributes, "error.type") ?? otherwise,
      }),
      ...present({ attrs: listed(attributes, kept.inference) }),
      ...contents({
        error: filled(attributes, "error_message") ?? filled(attributes, "error.message"),
        attributes: unlisted(item, knownOfFailure),
      }),
    });
    return "done";
  };
}

const knownOfFailure: ReadonlySet<string> = new Set([...known, "attempt_number"]);

/** `api_request`: what was sent to the model, the results of tools among it. */
export function apiRequest(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  sink.fact({
    class: "inference",
    key: inferenceKey(item, "request"),
    ...logEnvelope(item),
    body: present({
      status: "unknown" as const,
      primary: false,
      model: filled(attributes, common.model),
      purpose: filled(attributes, common.subagent),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({
      request: contentOf(filled(attributes, "request_text"), "withheld").text,
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}
