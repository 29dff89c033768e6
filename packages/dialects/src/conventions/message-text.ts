import { messageLimits } from "./message-limits.ts";

/** A JSON object of an unknown source. */
export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of its own, never one that every object has. */
export function member(of: Members, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

/** The list or object that the text holds; undefined for anything else, and for what an agent cut. */
export function parsedMessages(text: string): unknown {
  const first = text.charCodeAt(0);
  const mayHold = first === 0x5b || first === 0x7b || first === 0x20 || first === 0x0a;
  if (!mayHold || text.length > messageLimits.parsedCharsMax) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a value as its source would have written it; undefined for what nests deeper than the engine writes. */
export function textOfValue(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
