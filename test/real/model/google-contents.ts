import { type Answer, field, list, type ModelApi, type ToldBack, text } from "./script.ts";

/** `generateContent` of Google, as Gemini CLI uses it. */
export const googleContents: ModelApi = {
  path: /:(streamG|g)enerateContent$/,
  callId: (number, index) => `real_${number}_${index}`,
  wantsStream: (_body, path) => path.includes(":stream"),
  toldBack: (body) =>
    list(field(body, "contents")).flatMap((content) =>
      list(field(content, "parts")).flatMap(resultOf),
    ),
  whole: (answer) => answerOf(answer),
  stream: (answer) => [`data: ${JSON.stringify(answerOf(answer))}\n\n`],
};

function resultOf(part: unknown): readonly ToldBack[] {
  const told = field(part, "functionResponse");
  if (told === undefined) return [];
  const response = field(told, "response");
  const isError = field(response, "error") !== undefined;
  const output = text(field(response, isError ? "error" : "output") ?? response);
  return [{ call: text(field(told, "id")), output, isError }];
}

function answerOf({ say, calls, usage, model, number }: Answer): object {
  const said = say === undefined ? [] : [{ text: say }];
  const called = calls.map(({ id, tool, arguments: args = {} }) => ({
    functionCall: { id, name: tool, args },
  }));
  return {
    candidates: [
      { content: { role: "model", parts: [...said, ...called] }, finishReason: "STOP", index: 0 },
    ],
    usageMetadata: {
      promptTokenCount: usage.input,
      cachedContentTokenCount: usage.cached,
      candidatesTokenCount: usage.output,
      thoughtsTokenCount: usage.reasoning,
      totalTokenCount: usage.input + usage.output + usage.reasoning,
    },
    modelVersion: model,
    responseId: `resp_real_${number}`,
  };
}
