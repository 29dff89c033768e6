import {
  type Answer,
  type AnsweredCall,
  field,
  frame,
  list,
  type ModelApi,
  type ToldBack,
  text,
} from "./script.ts";

/** The Responses API of OpenAI, as Codex uses it: streamed, with function calls and calls in free text. */
export const openaiResponses: ModelApi = {
  path: /\/responses$/,
  callId: (number, index) => `call_real_${number}_${index}`,
  wantsStream: (body) => field(body, "stream") === true,
  toldBack: (body) => list(field(body, "input")).flatMap(resultOf),
  whole: (answer) => response(answer, "completed"),
  stream(answer) {
    const opened = { response: { ...response(answer, "in_progress"), output: [], usage: null } };
    const items = output(answer).flatMap((item, index) => itemFrames(item, index));
    return [
      frame("response.created", opened),
      frame("response.in_progress", opened),
      ...items,
      frame("response.completed", { response: response(answer, "completed") }),
    ];
  },
};

function resultOf(item: unknown): readonly ToldBack[] {
  const type = field(item, "type");
  if (type !== "function_call_output" && type !== "custom_tool_call_output") return [];
  const output = text(field(item, "output"));
  return [{ call: text(field(item, "call_id")), output, isError: false }];
}

interface Item {
  readonly id: string;
  readonly type: "message" | "function_call" | "custom_tool_call";
  readonly [name: string]: unknown;
}

function output({ say, calls, number }: Answer): readonly Item[] {
  const said: readonly Item[] =
    say === undefined
      ? []
      : [
          {
            id: `msg_real_${number}`,
            type: "message",
            status: "completed",
            role: "assistant",
            content: [{ type: "output_text", text: say, annotations: [], logprobs: [] }],
          },
        ];
  return [...said, ...calls.map((call, index) => callItem(call, `${number}_${index}`))];
}

function callItem(call: AnsweredCall, suffix: string): Item {
  const named = { call_id: call.id, name: call.tool, status: "completed" };
  return call.input === undefined
    ? {
        id: `fc_real_${suffix}`,
        type: "function_call",
        ...named,
        arguments: JSON.stringify(call.arguments ?? {}),
      }
    : { id: `ctc_real_${suffix}`, type: "custom_tool_call", ...named, input: call.input };
}

function itemFrames(item: Item, index: number): readonly string[] {
  const at = { output_index: index, item_id: item.id };
  const open = { ...item, status: "in_progress" };
  const done = frame("response.output_item.done", { output_index: index, item });
  const added = (as: object): string =>
    frame("response.output_item.added", { output_index: index, item: as });
  if (item.type === "message") {
    const [part] = list(item["content"]);
    const content = { ...at, content_index: 0 };
    const said = text(field(part, "text"));
    return [
      added({ ...open, content: [] }),
      frame("response.content_part.added", { ...content, part: { type: "output_text", text: "" } }),
      frame("response.output_text.delta", { ...content, delta: said }),
      frame("response.output_text.done", { ...content, text: said }),
      frame("response.content_part.done", { ...content, part }),
      done,
    ];
  }
  const [name, kind] =
    item.type === "function_call"
      ? (["arguments", "function_call_arguments"] as const)
      : (["input", "custom_tool_call_input"] as const);
  return [
    added({ ...open, [name]: "" }),
    frame(`response.${kind}.delta`, { ...at, delta: item[name] }),
    frame(`response.${kind}.done`, { ...at, [name]: item[name] }),
    done,
  ];
}

function response(answer: Answer, status: string): object {
  const { input, cached, output: out, reasoning } = answer.usage;
  return {
    id: `resp_real_${answer.number}`,
    object: "response",
    created_at: Math.floor(Date.now() / 1000),
    status,
    model: answer.model,
    output: output(answer),
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    metadata: {},
    error: null,
    incomplete_details: null,
    instructions: null,
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: out,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + out,
    },
  };
}
