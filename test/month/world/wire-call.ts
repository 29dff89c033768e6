import { wireArguments, wireTool } from "./wire-words.ts";
import type { Call, Seat } from "./world.ts";

/** How records will name a call. Gemini CLI's events name none: theirs is made of the span that scheduled it, the tool and a check of its arguments. */
export function wireCall(seat: Pick<Seat, "kind" | "folder">, call: Call): string {
  if (seat.kind === "claude-code") return call.id.replace("call_", "toolu_");
  if (seat.kind !== "gemini-cli") return call.id;
  const args = wireArguments(seat, call);
  return `span:${schedulerOf(call)}/${wireTool(seat, call)}/${check(args)}`;
}

/** The span and the trace under which Gemini CLI ran it. */
export const schedulerOf = (call: Call): string => call.id.slice(5, 21);
export const traceOf = (call: Call): string => call.id.slice(5).padEnd(32, "0");

/** Sixteen bits of FNV-1a over UTF-16 units. */
function check(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, "0");
}
