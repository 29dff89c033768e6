import type { FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { chosenCalls, tellChosen } from "./answers.ts";
import { eventKey, logEnvelope } from "./envelope.ts";
import { common, kept, known, knownOfConventions } from "./fields.ts";

/**
 * `api_response`: one answer of a model with its tokens, and the only record of it that counts. Cached tokens are part of the input;
 * reasoning is counted beside the output (checked against the totals of the model server in every capture).
 */
export function apiResponse(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const response = contentOf(attributes.text("response_text"), "withheld").text;
  sink.fact({
    class: "inference",
    key: [...eventKey(item, "inference", "response"), ...aboutCall(item)],
    ...envelope,
    body: present({
      status: "ok" as const,
      primary: true,
      model: filled(attributes, common.model),
      purpose: filled(attributes, "role"),
      duration_ms: whole(attributes, "duration_ms"),
      http_status: httpStatus(item),
      input_tokens: whole(attributes, "input_token_count"),
      cached_input_tokens: whole(attributes, "cached_content_token_count"),
      output_tokens: whole(attributes, "output_token_count"),
      reasoning_tokens: whole(attributes, "thoughts_token_count"),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({ response, attributes: unlisted(item, known) }),
  });
  tellChosen(chosenCalls(response), envelope, "answer event", sink);
  return "done";
}

/** Calls of several sub-agents may end in one millisecond. */
function aboutCall({ attributes }: LogView): readonly string[] {
  return [common.prompt, common.model, "duration_ms"].map((name) => attributes.text(name) ?? "");
}

function httpStatus({ attributes }: LogView): number | undefined {
  return whole(attributes, "http.status_code") ?? whole(attributes, "status_code");
}

/** `api_error`: a model call that gave no answer. The agent tries again or gives up; it says neither. */
export function apiError(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  sink.fact({
    class: "inference",
    key: [...eventKey(item, "inference", "error"), ...aboutCall(item)],
    ...logEnvelope(item),
    body: present({
      status: "error" as const,
      primary: false,
      model: filled(attributes, common.model) ?? filled(attributes, "model_name"),
      purpose: filled(attributes, "role"),
      duration_ms: whole(attributes, "duration_ms") ?? whole(attributes, "duration"),
      http_status: httpStatus(item),
      error_type:
        filled(attributes, "error.type") ?? filled(attributes, "error_type") ?? "api_error",
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({
      error: filled(attributes, "error") ?? filled(attributes, "error.message"),
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}

/** `api_request`: what was sent to the model; tool results are in it and in no other event. */
export function apiRequest(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  sink.fact({
    class: "inference",
    key: [...eventKey(item, "inference", "request"), ...aboutCall(item), item.spanId ?? ""],
    ...logEnvelope(item),
    body: present({
      status: "unknown" as const,
      primary: false,
      model: filled(attributes, common.model),
      purpose: filled(attributes, "role"),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({
      request: contentOf(attributes.text("request_text"), "withheld").text,
      attributes: unlisted(item, known),
    }),
  });
  return "done";
}

/**
 * The conventions' event comes beside each of the three above and says the same under other names; it adds the provider, the response's
 * id and the system instructions. Only the request's instructions are kept: the other two repeat them.
 */
export function operationDetails(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const status = statusOf(item);
  sink.fact({
    class: "inference",
    key: [
      ...eventKey(item, "inference", "details", status),
      filled(attributes, "gen_ai.response.id") ?? item.spanId ?? "",
    ],
    ...logEnvelope(item),
    body: present({
      status,
      primary: false,
      provider: filled(attributes, "gen_ai.provider.name") ?? filled(attributes, "gen_ai.system"),
      model:
        filled(attributes, "gen_ai.response.model") ?? filled(attributes, "gen_ai.request.model"),
      input_tokens: whole(attributes, "gen_ai.usage.input_tokens"),
      output_tokens: whole(attributes, "gen_ai.usage.output_tokens"),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({
      instructions:
        status === "unknown" ? filled(attributes, "gen_ai.system_instructions") : undefined,
      attributes: unlisted(item, knownOfConventions),
    }),
  });
  return "done";
}

/** An answer has an id or usage, a failure the model alone, and a request neither. */
function statusOf({ attributes }: LogView): "ok" | "error" | "unknown" {
  const isAnswer =
    filled(attributes, "gen_ai.response.id") !== undefined ||
    attributes.value("gen_ai.usage.input_tokens") !== undefined;
  if (isAnswer) return "ok";
  return filled(attributes, "gen_ai.response.model") === undefined ? "unknown" : "error";
}
