import { isMembers, member, parsedMessages } from "./message-text.ts";

/** Where the raw answer of a model server, or LangChain's `LLMResult`, names the response. */
const places: readonly (readonly string[])[] = [
  ["id"],
  ["generations", "0", "0", "message", "kwargs", "response_metadata", "id"],
  ["generations", "0", "0", "message", "kwargs", "id"],
  ["generations", "0", "0", "message", "id"],
  ["0", "id"],
];

/** The name a model server gave its response: two accounts of one response share it. Undefined where the answer is no such JSON. */
export function responseIdOf(answer: string | undefined): string | undefined {
  const value = answer === undefined ? undefined : parsedMessages(answer);
  if (value === undefined) return undefined;
  for (const place of places) {
    const id = at(value, place);
    if (typeof id === "string" && id !== "") return id;
  }
  return undefined;
}

/** What stands at the end of a path: members of objects, places in lists. */
export function at(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)] as unknown;
    else here = isMembers(here) ? member(here, step) : undefined;
  }
  return here;
}
