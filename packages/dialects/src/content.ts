import type { FactState } from "@custody/model";

/** What sources write in place of content that they chose not to send (agent-telemetry 15.4). */
const placeholders: ReadonlySet<string> = new Set([
  "[REDACTED]",
  "<REDACTED>",
  "__REDACTED__",
  "provider/REDACTED",
  "[plaintext]",
  "mcp_tool",
  "custom",
  "third-party",
  "custom_skill",
]);

function isPlaceholder(text: string): boolean {
  return placeholders.has(text);
}

/** A content value as a source treated it: the text, or why there is none. */
export type Content =
  | { readonly state: "reported"; readonly text: string }
  | { readonly state: Exclude<FactState, "reported">; readonly text?: undefined };

/** `absent` says what it means for this source and this fact that the attribute is not there. */
export function contentOf(
  text: string | undefined,
  absent: Exclude<FactState, "reported">,
): Content {
  if (text === undefined) return { state: absent };
  return isPlaceholder(text) ? { state: "withheld" } : { state: "reported", text };
}

/** Content paths that are there. */
export function contents(paths: Readonly<Record<string, string | undefined>>): {
  readonly content?: Readonly<Record<string, string>>;
} {
  let found: Record<string, string> | undefined;
  for (const path in paths) {
    const text = paths[path];
    if (text === undefined) continue;
    found ??= {};
    found[path] = text;
  }
  return found === undefined ? {} : { content: found };
}
