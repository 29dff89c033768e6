import type { FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { eventKey, logEnvelope } from "./envelope.ts";
import { common, kept, known } from "./fields.ts";

/**
 * `api_request`: one model response with its tokens. `input_tokens` are those that were not read from a cache: unlike Codex, Claude Code
 * counts cached tokens beside them (checked against the totals of the model server in every capture). It never says reasoning tokens.
 */
export function apiRequest(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  sink.fact({
    class: "inference",
    key: eventKey(item, "inference", "request"),
    ...logEnvelope(item),
    body: present({
      status: "ok" as const,
      primary: true,
      provider: filled(attributes, "anthropic.provider"),
      model: filled(attributes, common.model),
      purpose: filled(attributes, "query_source"),
      duration_ms: whole(attributes, "duration_ms"),
      ttft_ms: whole(attributes, "ttft_ms"),
      input_tokens: whole(attributes, "input_tokens"),
      cached_input_tokens: whole(attributes, "cache_read_tokens"),
      cache_write_tokens: whole(attributes, "cache_creation_tokens"),
      output_tokens: whole(attributes, "output_tokens"),
      cost_usd_micros: costOf(item),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}

/** Newer releases say the cost in whole millionths as well. */
function costOf({ attributes }: LogView): number | undefined {
  const micros = whole(attributes, "cost_usd_micros");
  if (micros !== undefined) return micros;
  const usd = attributes.number("cost_usd");
  return usd === undefined || usd < 0 || usd > 1e9 ? undefined : Math.round(usd * 1e6);
}

/** `api_error`, `api_retries_exhausted`, `api_refusal`: a model call that gave no response. */
export function apiError(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const name = attributes.text(common.event) ?? "";
  const http = whole(attributes, "status_code");
  sink.fact({
    class: "inference",
    key: eventKey(item, "inference", name),
    ...logEnvelope(item),
    body: present({
      status: "error" as const,
      primary: false,
      model: filled(attributes, common.model),
      purpose: filled(attributes, "query_source"),
      attempt: whole(attributes, "attempt") ?? whole(attributes, "total_attempts"),
      duration_ms: whole(attributes, "duration_ms") ?? whole(attributes, "total_retry_duration_ms"),
      http_status: http,
      error_type: name,
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({ error: filled(attributes, "error"), attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `assistant_response`, `api_request_body`, `api_response_body`: content of a model call whose tokens `api_request` says. */
export function inferenceContent(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const name = attributes.text(common.event) ?? "";
  const isRequest = name === "api_request_body";
  const text = contentOf(
    attributes.text("response") ?? attributes.text("body") ?? attributes.text("body_ref"),
    "withheld",
  ).text;
  sink.fact({
    class: "inference",
    key: eventKey(item, "inference", name),
    ...logEnvelope(item),
    body: present({
      status: "unknown" as const,
      primary: false,
      model: filled(attributes, common.model),
      purpose: filled(attributes, "query_source"),
    }),
    ...present({ attrs: listed(attributes, kept.inference) }),
    ...contents({ [isRequest ? "request" : "response"]: text, attributes: unlisted(item, known) }),
  });
  return "done";
}
