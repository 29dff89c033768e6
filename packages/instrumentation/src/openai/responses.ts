import type {
  AnswerReader,
  CallResult,
  DecidedCall,
  ModelAnswer,
  ModelApi,
  Usage,
} from "../exchange.ts";
import { contentText, countOf, type Fields, fieldsOf, jsonOf, listOf, textOf } from "../shape.ts";
import { requestParameters } from "./parameters.ts";

/** `POST /responses`: input items in, output items out. */
export const responses: ModelApi = {
  readRequest(body) {
    const fields = fieldsOf(body) ?? {};
    const given = fields["input"];
    const items = typeof given === "string" ? [{ role: "user", content: given }] : listOf(given);
    const tail = newItems(items);
    const userTexts = tail.fresh
      .filter((item) => item["role"] === "user")
      .map((item) => contentText(item["content"]) ?? "");
    return {
      operation: "chat",
      model: textOf(fields["model"]) ?? "unknown",
      parameters: requestParameters(fields),
      userText: userTexts.length === 0 ? undefined : userTexts.join("\n"),
      itemCount: items.length,
      results: tail.fresh.flatMap(resultOf),
      lastCalls: tail.answered.flatMap(decisionOf),
    };
  },
  readAnswer: (body) => answerOf(fieldsOf(body) ?? {}),
  reader: createResponseReader,
};

/** Input items after the model's last own item are new; the model's items just before them were its last answer. */
function newItems(items: readonly unknown[]): {
  readonly fresh: readonly Fields[];
  readonly answered: readonly Fields[];
} {
  const all = items.map((item) => fieldsOf(item) ?? {});
  const lastOwn = all.findLastIndex(isModelItem);
  const before = all.findLastIndex((item, index) => index < lastOwn && !isModelItem(item));
  return { fresh: all.slice(lastOwn + 1), answered: all.slice(before + 1, lastOwn + 1) };
}

function isModelItem(item: Fields): boolean {
  const type = textOf(item["type"]) ?? "message";
  return item["role"] === "assistant" || type === "reasoning" || type.endsWith("_call");
}

function resultOf(item: Fields): readonly CallResult[] {
  const call = textOf(item["call_id"]);
  if (call === undefined || textOf(item["type"])?.endsWith("_output") !== true) return [];
  return [{ call, text: contentText(item["output"]) ?? "" }];
}

/** Calls that the provider carries out itself: the agent never sees them as work to do. */
const ranByProvider: ReadonlySet<string> = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
]);

function decisionOf(item: Fields): readonly DecidedCall[] {
  const type = textOf(item["type"]) ?? "";
  const provider = ranByProvider.has(type);
  const call = textOf(item["call_id"]) ?? (provider ? textOf(item["id"]) : undefined);
  if (!type.endsWith("_call") || call === undefined) return [];
  const given = textOf(item["arguments"]) ?? textOf(item["input"]) ?? textOf(item["code"]);
  const decided = {
    call,
    tool: textOf(item["name"]) ?? type.slice(0, -"_call".length),
    arguments: given ?? jsonOf(item["action"] ?? item["operation"] ?? item["queries"] ?? {}),
  };
  if (!provider) return [decided];
  const failed = item["error"] != null || item["status"] === "failed";
  return [{ ...decided, byProvider: { output: textOf(item["output"]), failed } }];
}

function answerOf(body: Fields): ModelAnswer {
  const output = listOf(body["output"]).map((item) => fieldsOf(item) ?? {});
  const status = textOf(body["status"]);
  const detail = textOf(fieldsOf(body["incomplete_details"])?.["reason"]);
  const reason = detail ?? status;
  return {
    id: textOf(body["id"]),
    model: textOf(body["model"]),
    finishReasons: reason === undefined ? [] : [reason],
    usage: usageOf(body["usage"]),
    text: output.map(saidText).filter(Boolean).join("\n"),
    calls: output.flatMap(decisionOf),
    complete: true,
    errorType: status === "failed" ? (errorCode(body["error"]) ?? "failed") : undefined,
  };
}

function errorCode(error: unknown): string | undefined {
  return textOf(fieldsOf(error)?.["code"]);
}

/** What the model said beside its calls: message text, else the summary of its reasoning. */
function saidText(item: Fields): string {
  if (item["type"] === "message") return contentText(item["content"]) ?? "";
  if (item["type"] === "reasoning") return contentText(item["summary"]) ?? "";
  return "";
}

function usageOf(value: unknown): Usage {
  const usage = fieldsOf(value) ?? {};
  return {
    input: countOf(usage["input_tokens"]),
    output: countOf(usage["output_tokens"]),
    cached: countOf(fieldsOf(usage["input_tokens_details"])?.["cached_tokens"]),
    reasoning: countOf(fieldsOf(usage["output_tokens_details"])?.["reasoning_tokens"]),
  };
}

const finalEvents: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

function createResponseReader(): AnswerReader {
  let started: Fields = {};
  let final: Fields | undefined;
  let errorType: string | undefined;
  const done: unknown[] = [];
  return {
    take(chunk) {
      const event = fieldsOf(chunk) ?? {};
      const type = textOf(event["type"]) ?? "";
      if (type === "response.created") started = fieldsOf(event["response"]) ?? {};
      else if (type === "response.output_item.done") done.push(event["item"]);
      else if (finalEvents.has(type)) final = fieldsOf(event["response"]);
      else if (type === "error") errorType = textOf(event["code"]) ?? "error";
    },
    answer() {
      const body = final ?? { ...started, status: undefined, output: done };
      const read = answerOf(body);
      return { ...read, complete: final !== undefined, errorType: read.errorType ?? errorType };
    },
  };
}
