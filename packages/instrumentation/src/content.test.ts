import { expect, test } from "vitest";
import type { AttributeList } from "./attribute-list.ts";
import { type ContentState, createContentState, excerptOf, prepareContent } from "./content.ts";
import { maskSecrets } from "./mask.ts";

const body = "abcdefghijklmnopqrstuvwxyz0123456789";

test.each([
  [
    `curl -H "Authorization: Bearer ${body}"`,
    'curl -H "Authorization: Bearer [masked:authorization]"',
  ],
  ['{"authorization":"Basic dXNlcjpwYXNz"}', '{"authorization":"Basic [masked:authorization]"}'],
  [`token is bearer ${body}.x`, "token is bearer [masked:bearer]"],
  [`OPENAI_API_KEY=sk-proj-${body}`, "OPENAI_API_KEY=[masked:api_key]"],
  ["aws AKIAIOSFODNN7EXAMPLE end", "aws [masked:aws_key] end"],
  [
    `git clone https://ghp_${body}@github.com/a/b`,
    "git clone https://[masked:github_token]@github.com/a/b",
  ],
  [`github_pat_${body}`, "[masked:github_token]"],
  [`//registry/:_authToken=npm_${body}`, "//registry/:_authToken=[masked:npm_token]"],
  ["xoxb-1234567890-abc", "[masked:slack_token]"],
  ["postgres://app:hunter22@db/prod", "postgres://app:[masked:url_password]@db/prod"],
  [
    `a\n-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\nb`,
    "a\n[masked:private_key]\nb",
  ],
  [`-----BEGIN PRIVATE KEY-----\n${body}`, "[masked:private_key]"],
])("a secret is masked by its form: %s", (text, masked) => {
  expect(maskSecrets(text)).toEqual({ text: masked, count: 1 });
});

test.each([
  "npm run task-list-with-a-long-name",
  "https://example.com:8080/path@v1",
  "risk-assessment-of-the-whole-thing",
  "the authorization: none of it",
  "ls -la /usr/share/AKIA",
])("ordinary text stays as it is: %s", (text) => {
  expect(maskSecrets(text)).toEqual({ text, count: 0 });
});

test("masking a text full of half-open keys takes time in proportion to its length", () => {
  const text = "-----BEGIN PRIVATE KEY-----authorization: bearer sk-a eyJa".repeat(600);
  const startedMs = performance.now();
  maskSecrets(text);
  expect(performance.now() - startedMs).toBeLessThan(500);
});

function written(fill: (content: ContentState, list: AttributeList) => void): AttributeList {
  const list: AttributeList = [];
  const content = createContentState();
  fill(content, list);
  content.close(list);
  return list;
}

test("a text over the limit is cut, says so, and never ends in half a secret or half a character", () => {
  const secret = `${"x".repeat(10)} sk-${body}`;
  const list = written((content, into) => {
    content.write(into, "half secret", prepareContent("tools", "tool", secret, 20));
    content.write(
      into,
      "half character",
      prepareContent("tools", "tool", `${"x".repeat(19)}😀😀`, 20),
    );
  });
  expect(list).toEqual([
    ...["half secret", "xxxxxxxxxx [masked:a"],
    ...["half character", "x".repeat(19)],
    ...["custody.content", "truncated"],
    ...["custody.redacted", 1],
  ]);
});

test("an excerpt is the beginning of the masked text", () => {
  const prepared = prepareContent("tools", "tool", `key sk-${body} and more`, 100);
  expect(excerptOf(prepared, 8)).toEqual({ text: "key [mas", state: "truncated", masks: 1 });
  expect(excerptOf(prepared, 80)).toBe(prepared);
});

test("a span that may keep nothing says withheld, and one that was given nothing says nothing", () => {
  const closed = written((content, into) => {
    content.write(into, "a", prepareContent("none", "tool", "text", 100));
    content.write(into, "b", prepareContent("none", "prompt", "text", 100));
  });
  expect(closed).toEqual(["custody.content", "withheld"]);
  const empty = written((content, into) => {
    content.write(into, "a", prepareContent("all", "tool", undefined, 100));
  });
  expect(empty).toEqual([]);
});

test("prompts are kept only by the mode that keeps all", () => {
  const modes = ["tools", "all"] as const;
  const [tools, all] = modes.map((mode) =>
    written((content, into) =>
      content.write(into, "p", prepareContent(mode, "prompt", "text", 100)),
    ),
  );
  expect(tools).toEqual(["custody.content", "withheld"]);
  expect(all).toEqual(["p", "text", "custody.content", "captured"]);
});
