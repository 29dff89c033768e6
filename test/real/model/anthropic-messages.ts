import { type Answer, field, frame, list, type ModelApi, type ToldBack, text } from "./script.ts";

/** The Messages API of Anthropic, as Claude Code uses it. */
export const anthropicMessages: ModelApi = {
  path: /\/messages$/,
  callId: (number, index) => `toolu_real_${number}_${index}`,
  wantsStream: (body) => field(body, "stream") === true,
  toldBack: (body) =>
    list(field(body, "messages")).flatMap((message) =>
      list(field(message, "content")).flatMap(resultOf),
    ),
  whole: (answer) => message(answer, blocks(answer), stopReason(answer)),
  stream(answer) {
    const opened = message(answer, [], null);
    return [
      frame("message_start", { message: opened }),
      ...blocks(answer).flatMap(blockFrames),
      frame("message_delta", {
        delta: { stop_reason: stopReason(answer), stop_sequence: null },
        usage: usageOf(answer),
      }),
      frame("message_stop", {}),
    ];
  },
};

function resultOf(block: unknown): readonly ToldBack[] {
  if (field(block, "type") !== "tool_result") return [];
  const content = field(block, "content");
  const output = Array.isArray(content)
    ? content.map((part) => text(field(part, "text"))).join("\n")
    : text(content);
  const isError = field(block, "is_error") === true;
  return [{ call: text(field(block, "tool_use_id")), output, isError }];
}

interface Block {
  readonly opening: object;
  readonly delta: object;
  readonly whole: object;
}

function blocks({ say, calls }: Answer): readonly Block[] {
  const said =
    say === undefined
      ? []
      : [
          {
            opening: { type: "text", text: "" },
            delta: { type: "text_delta", text: say },
            whole: { type: "text", text: say },
          },
        ];
  const used = calls.map(({ id, tool, arguments: input = {} }) => ({
    opening: { type: "tool_use", id, name: tool, input: {} },
    delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
    whole: { type: "tool_use", id, name: tool, input },
  }));
  return [...said, ...used];
}

function blockFrames({ opening, delta }: Block, index: number): readonly string[] {
  return [
    frame("content_block_start", { index, content_block: opening }),
    frame("content_block_delta", { index, delta }),
    frame("content_block_stop", { index }),
  ];
}

function message(answer: Answer, content: readonly Block[], stop: string | null): object {
  return {
    id: `msg_real_${answer.number}`,
    type: "message",
    role: "assistant",
    model: answer.model,
    content: content.map(({ whole }) => whole),
    stop_reason: stop,
    stop_sequence: null,
    usage: usageOf(answer),
  };
}

function stopReason({ calls }: Answer): string {
  return calls.length === 0 ? "end_turn" : "tool_use";
}

function usageOf({ usage }: Answer): object {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached,
    output_tokens: usage.output,
  };
}
