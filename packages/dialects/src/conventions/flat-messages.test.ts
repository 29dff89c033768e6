import type { AttributeView } from "@custody/model";
import { expect, test } from "vitest";
import { flatMessages } from "./flat-messages.ts";
import { messageLimits } from "./message-limits.ts";

function view(values: Readonly<Record<string, string>>): AttributeView {
  return {
    text: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
    integer: () => undefined,
    number: () => undefined,
    boolean: () => undefined,
    value: () => undefined,
    has: (name) => Object.hasOwn(values, name),
    names: () => Object.keys(values),
  };
}

test("flattened messages become the list they were, in the order of their numbers", () => {
  const text = flatMessages(
    view({
      "gen_ai.completion.10.role": "assistant",
      "gen_ai.completion.2.tool_calls.0.name": "bash",
      "gen_ai.completion.2.tool_calls.0.id": "call_1",
      "gen_ai.completion.2.role": "assistant",
      "gen_ai.completion.type": "chat",
      "gen_ai.completions.0.role": "user",
    }),
    ["gen_ai.completion"],
  );
  expect(JSON.parse(text ?? "")).toEqual([
    { role: "assistant", tool_calls: [{ id: "call_1", name: "bash" }] },
    { role: "assistant" },
  ]);
});

test("without an attribute under the prefix there are no messages", () => {
  expect(
    flatMessages(view({ "gen_ai.prompt": "x", "gen_ai.prompt.": "y" }), ["gen_ai.prompt"]),
  ).toBe(undefined);
});

test("a member that is both a text and a list is the list", () => {
  const values = { "p.0.content": "x", "p.0.content.0.text": "y" };
  expect(flatMessages(view(values), ["p"])).toBe('[{"content":[{"text":"y"}]}]');
});

test("hostile names become members like any other, within bounds", () => {
  expect(flatMessages(view({ "p.0.__proto__.constructor": "x" }), ["p"])).toBe(
    '[{"__proto__":{"constructor":"x"}}]',
  );
  expect(flatMessages(view({ "p.999999999999.role": "x" }), ["p"])).toBe(
    '{"999999999999":{"role":"x"}}',
  );
  const deep = flatMessages(view({ [`p.0${".a".repeat(10_000)}`]: "x" }), ["p"]);
  expect(deep?.length).toBeLessThan(100);
  const many = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, at) => [`p.${at}.role`, "user"]),
  );
  expect(JSON.parse(flatMessages(view(many), ["p"]) ?? "")).toHaveLength(
    messageLimits.flatAttributesMax,
  );
});
