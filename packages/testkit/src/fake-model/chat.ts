import { callId, createdAt, pieces, type Speech, usageOf } from "./step.ts";

/** A whole `chat.completion`. */
export function chatAnswer(speech: Speech): object {
  const { step, model } = speech;
  const calls = (step.calls ?? []).map((call, index) => ({
    id: callId(speech, call, index),
    type: "function",
    function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
  }));
  const message = {
    role: "assistant",
    content: step.say ?? null,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...heading(speech, "chat.completion"),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(speech) }],
    usage: chatUsage(speech),
  };
}

/** The same answer as server-sent events. */
export function chatChunks(speech: Speech): readonly string[] {
  const { step } = speech;
  const deltas: object[] = [{ role: "assistant", content: "" }];
  for (const text of pieces(step.say ?? "")) deltas.push({ content: text });
  for (const [index, call] of (step.calls ?? []).entries()) {
    const start = { name: call.tool, arguments: "" };
    const id = callId(speech, call, index);
    deltas.push({ tool_calls: [{ index, id, type: "function", function: start }] });
    for (const text of pieces(JSON.stringify(call.arguments))) {
      deltas.push({ tool_calls: [{ index, function: { arguments: text } }] });
    }
  }
  const chunks = deltas.map((delta) => chunkOf(speech, { delta, finish_reason: null }));
  chunks.push(chunkOf(speech, { delta: {}, finish_reason: finishReason(speech) }));
  if (asksForUsage(speech)) chunks.push({ ...chunkOf(speech), usage: chatUsage(speech) });
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"];
}

function chunkOf(speech: Speech, choice?: object): object {
  const choices = choice === undefined ? [] : [{ index: 0, logprobs: null, ...choice }];
  return { ...heading(speech, "chat.completion.chunk"), model: speech.model, choices };
}

function heading(speech: Speech, object: string): object {
  return { id: `chatcmpl-fake-${speech.number}`, object, created: createdAt };
}

function finishReason({ step }: Speech): string {
  return (step.calls ?? []).length === 0 ? "stop" : "tool_calls";
}

function asksForUsage({ body }: Speech): boolean {
  const options = body["stream_options"];
  return typeof options === "object" && options !== null && "include_usage" in options;
}

function chatUsage(speech: Speech): object {
  const { input, output, cached, reasoning } = usageOf(speech);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
