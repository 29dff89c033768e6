import type { AnswerReader, DecidedCall, ModelAnswer, ModelApi, Usage } from "../exchange.ts";
import { contentText, countOf, type Fields, fieldsOf, listOf, textOf } from "../shape.ts";
import { requestParameters } from "./parameters.ts";

/** `POST /chat/completions`: messages in, choices out. */
export const chatCompletions: ModelApi = {
  readRequest(body) {
    const fields = fieldsOf(body) ?? {};
    const messages = listOf(fields["messages"]);
    const results: { call: string; text: string }[] = [];
    const userTexts: string[] = [];
    let at = messages.length - 1;
    let assistant: Fields | undefined;
    // Only what follows the assistant's last message is new; the rest was read in earlier requests.
    for (; at >= 0 && assistant === undefined; at -= 1) {
      const message = fieldsOf(messages[at]) ?? {};
      const role = textOf(message["role"]);
      const text = contentText(message["content"]) ?? "";
      if (role === "assistant") assistant = message;
      else if (role === "user") userTexts.unshift(text);
      else if (role === "tool") {
        results.unshift({ call: textOf(message["tool_call_id"]) ?? "", text });
      }
    }
    return {
      operation: "chat",
      model: textOf(fields["model"]) ?? "unknown",
      parameters: requestParameters(fields),
      userText: userTexts.length === 0 ? undefined : userTexts.join("\n"),
      itemCount: messages.length,
      results,
      lastCalls: assistant === undefined ? [] : callsOf(assistant["tool_calls"]),
    };
  },
  readAnswer(body) {
    const fields = fieldsOf(body) ?? {};
    const choices = listOf(fields["choices"]).map((choice) => fieldsOf(choice) ?? {});
    const messages = choices.map((choice) => fieldsOf(choice["message"]) ?? {});
    const reasons = choices.flatMap((choice) => textOf(choice["finish_reason"]) ?? []);
    return {
      id: textOf(fields["id"]),
      model: textOf(fields["model"]),
      finishReasons: reasons,
      usage: usageOf(fields["usage"]),
      text: messages.map(assistantText).join(""),
      calls: messages.flatMap((message) => callsOf(message["tool_calls"])),
      complete: true,
      errorType: undefined,
    };
  },
  reader: createChatReader,
};

/** Some providers put the reason beside the content instead of into it. */
function assistantText(message: Fields): string {
  return (contentText(message["content"]) || textOf(message["reasoning_content"])) ?? "";
}

function callsOf(toolCalls: unknown): readonly DecidedCall[] {
  return listOf(toolCalls).flatMap((item) => {
    const call = fieldsOf(item);
    const made = fieldsOf(call?.["function"]) ?? fieldsOf(call?.["custom"]);
    const id = textOf(call?.["id"]);
    if (made === undefined || id === undefined) return [];
    const given = textOf(made["arguments"]) ?? textOf(made["input"]) ?? "";
    return [{ call: id, tool: textOf(made["name"]) ?? "unknown", arguments: given }];
  });
}

function usageOf(value: unknown): Usage {
  const usage = fieldsOf(value) ?? {};
  return {
    input: countOf(usage["prompt_tokens"]),
    output: countOf(usage["completion_tokens"]),
    cached: countOf(fieldsOf(usage["prompt_tokens_details"])?.["cached_tokens"]),
    reasoning: countOf(fieldsOf(usage["completion_tokens_details"])?.["reasoning_tokens"]),
  };
}

interface GrowingCall {
  call: string | undefined;
  tool: string;
  arguments: string;
}

function createChatReader(): AnswerReader {
  const calls = new Map<string, GrowingCall>();
  const finished = new Map<number, string>();
  let text = "";
  let last: ModelAnswer = { ...emptyAnswer };
  const grow = (choice: number, delta: unknown): void => {
    const part = fieldsOf(delta) ?? {};
    const made = fieldsOf(part["function"]) ?? fieldsOf(part["custom"]) ?? {};
    const key = `${choice}.${countOf(part["index"]) ?? 0}`;
    const call = calls.get(key) ?? { call: undefined, tool: "", arguments: "" };
    call.call ??= textOf(part["id"]) || undefined;
    call.tool += textOf(made["name"]) ?? "";
    call.arguments += textOf(made["arguments"]) ?? textOf(made["input"]) ?? "";
    calls.set(key, call);
  };
  const takeChoice = (value: unknown): void => {
    const choice = fieldsOf(value) ?? {};
    const index = countOf(choice["index"]) ?? 0;
    const delta = fieldsOf(choice["delta"]) ?? {};
    text += textOf(delta["content"]) ?? "";
    for (const part of listOf(delta["tool_calls"])) grow(index, part);
    const reason = textOf(choice["finish_reason"]);
    if (reason !== undefined) finished.set(index, reason);
  };
  return {
    take(chunk) {
      const fields = fieldsOf(chunk) ?? {};
      for (const choice of listOf(fields["choices"])) takeChoice(choice);
      const usage = fields["usage"] == null ? last.usage : usageOf(fields["usage"]);
      const id = last.id ?? textOf(fields["id"]);
      last = { ...last, id, model: textOf(fields["model"]) ?? last.model, usage };
    },
    answer() {
      const whole = [...calls].filter(([key]) => finished.has(Number(key.split(".")[0])));
      return {
        ...last,
        text,
        finishReasons: [...finished.values()],
        calls: whole.flatMap(([, { call, tool, arguments: given }]) =>
          call === undefined ? [] : [{ call, tool, arguments: given }],
        ),
        complete: finished.size > 0,
      };
    },
  };
}

const emptyAnswer: ModelAnswer = {
  id: undefined,
  model: undefined,
  finishReasons: [],
  usage: {},
  text: "",
  calls: [],
  complete: false,
  errorType: undefined,
};
