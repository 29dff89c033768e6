import { callId, createdAt, pieces, type Speech, usageOf } from "./step.ts";

/** A whole `response`. */
export function responseAnswer(speech: Speech): object {
  return { ...heading(speech, "completed"), output: outputOf(speech), usage: usageBody(speech) };
}

/** The same answer as server-sent events, named and numbered as the API does. */
export function responseEvents(speech: Speech): readonly string[] {
  const events: { type: string; [field: string]: unknown }[] = [
    { type: "response.created", response: { ...heading(speech, "in_progress"), output: [] } },
  ];
  for (const [index, item] of outputOf(speech).entries()) {
    const at = { output_index: index, item_id: item.id, content_index: 0 };
    events.push({ type: "response.output_item.added", output_index: index, item: opening(item) });
    const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
    if (item.type === "message") events.push({ type: "response.content_part.added", ...at, part });
    for (const text of pieces(streamedText(item))) {
      events.push({ type: deltaTypes[item.type], ...at, delta: text });
    }
    if (item.type === "message") {
      events.push({ type: "response.content_part.done", ...at, part: item.content[0] });
    }
    events.push({ type: "response.output_item.done", output_index: index, item });
  }
  events.push({ type: "response.completed", response: responseAnswer(speech) });
  return events.map((event, number) => {
    const data = JSON.stringify({ ...event, sequence_number: number });
    return `event: ${event.type}\ndata: ${data}\n\n`;
  });
}

const deltaTypes = {
  message: "response.output_text.delta",
  function_call: "response.function_call_arguments.delta",
} as const;

type OutputItem = MessageItem | CallItem;

interface MessageItem {
  readonly id: string;
  readonly type: "message";
  readonly content: readonly { readonly type: "output_text"; readonly text: string }[];
  readonly [field: string]: unknown;
}

interface CallItem {
  readonly id: string;
  readonly type: "function_call";
  readonly arguments: string;
  readonly [field: string]: unknown;
}

function outputOf(speech: Speech): readonly OutputItem[] {
  const { step, number } = speech;
  const said: OutputItem[] =
    step.say === undefined ? [] : [messageItem(`msg_fake_${number}`, step.say)];
  const calls = (step.calls ?? []).map(
    (call, index): OutputItem => ({
      id: `fc_fake_${number}_${index}`,
      type: "function_call",
      status: "completed",
      call_id: callId(speech, call, index),
      name: call.tool,
      arguments: JSON.stringify(call.arguments),
    }),
  );
  return [...said, ...calls];
}

function messageItem(id: string, text: string): MessageItem {
  const content = [{ type: "output_text", text, annotations: [], logprobs: [] }] as const;
  return { id, type: "message", status: "completed", role: "assistant", content };
}

function streamedText(item: OutputItem): string {
  return item.type === "message" ? item.content.map((part) => part.text).join("") : item.arguments;
}

/** An item as its stream opens it: named, but empty. */
function opening(item: OutputItem): object {
  return item.type === "message"
    ? { ...item, status: "in_progress", content: [] }
    : { ...item, status: "in_progress", arguments: "" };
}

function heading(speech: Speech, status: string): object {
  return {
    id: `resp_fake_${speech.number}`,
    object: "response",
    created_at: createdAt,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: speech.model,
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
  };
}

function usageBody(speech: Speech): object {
  const { input, output, cached, reasoning } = usageOf(speech);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}
