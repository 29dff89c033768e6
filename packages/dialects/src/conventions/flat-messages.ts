import type { AttributeView } from "@custody/model";
import { messageLimits } from "./message-limits.ts";

interface Branch {
  [name: string]: Branch | string;
}

const branch = (): Branch => Object.create(null) as Branch;

/**
 * Messages that a convention wrote one attribute a member (`gen_ai.completion.0.tool_calls.0.name`), as the JSON they once were. Undefined
 * where no attribute lies under the prefix.
 */
export function flatMessages(view: AttributeView, prefixes: readonly string[]): string | undefined {
  for (const prefix of prefixes) {
    const root = branch();
    let count = 0;
    for (const name of view.names()) {
      if (!isUnder(name, prefix) || count >= messageLimits.flatAttributesMax) continue;
      const text = view.text(name);
      if (text === undefined) continue;
      count++;
      place(root, name, prefix.length + 1, text);
    }
    if (count > 0) return JSON.stringify(listsOf(root));
  }
  return undefined;
}

/** The prefix, a dot and a number: `gen_ai.prompt.name` is no message. */
function isUnder(name: string, prefix: string): boolean {
  if (name.length <= prefix.length + 1 || !name.startsWith(prefix)) return false;
  const digit = name.charCodeAt(prefix.length + 1);
  return name.charCodeAt(prefix.length) === 0x2e && digit >= 0x30 && digit <= 0x39;
}

function place(root: Branch, name: string, from: number, text: string): void {
  const path = name.slice(from).split(".", messageLimits.depthMax);
  const last = path.pop() ?? "";
  let at = root;
  for (const step of path) {
    const next = at[step];
    const deeper = typeof next === "object" ? next : branch();
    if (deeper !== next) at[step] = deeper;
    at = deeper;
  }
  if (typeof at[last] !== "object") at[last] = text;
}

/** Members that are numbers, in their order, are a list; JavaScript puts such members first and in order. */
function listsOf(value: Branch | string): unknown {
  if (typeof value === "string") return value;
  const names = Object.keys(value);
  if (names.every((name) => /^\d{1,9}$/.test(name))) {
    return names.map((name) => listsOf(value[name] ?? ""));
  }
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of names) out[name] = listsOf(value[name] ?? "");
  return out;
}
