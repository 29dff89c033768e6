import { expect, test } from "vitest";
import { agentText, escaped, page, table } from "./html.ts";

test("an agent's words can neither leave their cell nor hide in it", () => {
  expect(agentText(`<img src=x onerror="alert('1')">&`)).toBe(
    "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;",
  );
  expect(agentText("rm\u202e -rf\u0007\u200b")).toBe("rm\uFFFD -rf\uFFFD\uFFFD");
  expect(agentText("x".repeat(301))).toBe(`${"x".repeat(300)}… (cut)`);
  expect(agentText("\u{1F600}".repeat(300))).toBe("\u{1F600}".repeat(300));
});

test("a table escapes its head and every cell", () => {
  expect(table(["<a>"], [["<b>", 1]], agentText)).toBe(
    "<table><tr><th>&lt;a&gt;</th></tr><tr><td>&lt;b&gt;</td><td>1</td></tr></table>",
  );
});

test("a page loads nothing and runs nothing", () => {
  const text = page("A & B", [`<p>${escaped("<b>")}</p>`]);
  expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(text).toContain("<title>A &amp; B</title>");
  expect(text).not.toMatch(/<script|<link|<img|https?:/);
});
