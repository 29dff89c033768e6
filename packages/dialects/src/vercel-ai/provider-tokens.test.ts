import { expect, test } from "vitest";
import { providerTokens as tokens } from "./provider-tokens.ts";

test("the counts of OpenAI and of Anthropic are read from the metadata of the provider that answered", () => {
  expect(
    tokens('{"openai":{"responseId":"r","cachedPromptTokens":200,"reasoningTokens":8}}'),
  ).toEqual({ cached_input_tokens: 200, reasoning_tokens: 8 });
  expect(tokens('{"anthropic":{"cacheReadInputTokens":100,"cacheCreationInputTokens":7}}')).toEqual(
    { cached_input_tokens: 100, cache_write_tokens: 7 },
  );
});

test.each([
  undefined,
  "reasoningTokens",
  '{"openai":{"responseId":"r"}}',
  '{"a":{"reasoningTokens":1},"b":{"reasoningTokens":2}}',
])("metadata like %s of none or of two providers says no counts", (text) => {
  expect(tokens(text)).toBeUndefined();
});

test("what is no count is not one", () => {
  expect(tokens('{"openai":{"reasoningTokens":-1,"cachedPromptTokens":"9"}}')).toEqual({});
});
