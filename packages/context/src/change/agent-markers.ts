import { limits } from "@custody/model";
import type { Trailer } from "./trailers.ts";

/** What the trailers of a commit claim of agents. Whoever wrote the message wrote them: claims, whatever the observer that shows them. */
export interface AgentMarkers {
  readonly agents: readonly string[];
  /** Sessions that a trailer names, as the agent would report them. */
  readonly sessions: readonly string[];
}

/** An agent that no row below knows. */
const unlistedAgent = "unlisted";

/** Tokens whose value is a session: its id, or a URL that ends with it. Lower case. */
const sessionTokens: ReadonlySet<string> = new Set([
  "agent-session",
  "agent-session-id",
  "agent-logs-url",
  "ai-session",
  "claude-code-session",
  "claude-session",
  "codex-session",
  "conversation-id",
  "copilot-session",
  "cursor-session",
  "custody-session",
  "entire-session",
  "gemini-session",
  "git-session-id",
  "opencode-session",
  "qwen-session",
  "session-id",
]);

/** Tokens that only tools are named by (the kernel and LLVM ask for the first); a person may stand under the others. */
const toolTokens: ReadonlySet<string> = new Set([
  "assisted-by",
  "ai-assisted-by",
  "generated-by",
  "generated-with",
]);
const personTokens: ReadonlySet<string> = new Set(["co-authored-by", "authored-by", "made-by"]);

/** Addresses that agents commit under, as their releases write them. */
const agentsByAddress: ReadonlyMap<string, string> = new Map([
  ["noreply@anthropic.com", "claude-code"],
  ["noreply@openai.com", "codex"],
  ["codex@openai.com", "codex"],
  ["cursoragent@cursor.com", "cursor"],
  ["copilot@github.com", "copilot"],
  ["198982749+copilot@users.noreply.github.com", "copilot"],
  ["223556219+copilot@users.noreply.github.com", "copilot"],
  ["qwen-coder@alibabacloud.com", "qwen-code"],
  ["noreply@aider.chat", "aider"],
  ["aider@aider.chat", "aider"],
  ["noreply@opencode.ai", "opencode"],
  ["158243242+devin-ai-integration[bot]@users.noreply.github.com", "devin"],
  ["161369871+google-labs-jules[bot]@users.noreply.github.com", "jules"],
]);

/** First words of a tool's name. */
const agentsByWord: ReadonlyMap<string, string> = new Map([
  ["claude", "claude-code"],
  ["codex", "codex"],
  ["cursor", "cursor"],
  ["copilot", "copilot"],
  ["gemini", "gemini-cli"],
  ["qwen", "qwen-code"],
  ["aider", "aider"],
  ["opencode", "opencode"],
  ["devin", "devin"],
  ["jules", "jules"],
]);

export function readMarkers(trailers: readonly Trailer[]): AgentMarkers {
  const agents = new Set<string>();
  const sessions = new Set<string>();
  for (const { token, value } of trailers) {
    const name = token.toLowerCase();
    const session = sessionTokens.has(name) ? sessionIn(value) : undefined;
    if (session !== undefined) sessions.add(session);
    const agent = agentIn(name, value);
    if (agent !== undefined) agents.add(agent);
  }
  return { agents: bounded(agents), sessions: bounded(sessions) };
}

function agentIn(token: string, value: string): string | undefined {
  const known = agentAt(addressIn(value));
  if (known !== undefined)
    return toolTokens.has(token) || personTokens.has(token) ? known : undefined;
  return toolTokens.has(token) ? (agentsByWord.get(firstWord(value)) ?? unlistedAgent) : undefined;
}

/** The agent that commits under an address; undefined of a person's. */
export function agentAt(address: string | undefined): string | undefined {
  return address === undefined ? undefined : agentsByAddress.get(address.toLowerCase());
}

function addressIn(value: string): string | undefined {
  const from = value.lastIndexOf("<");
  const to = value.indexOf(">", from);
  return from < 0 || to < 0 ? undefined : value.slice(from + 1, to).trim();
}

function firstWord(value: string): string {
  return /^[a-z0-9]*/.exec(value.trim().toLowerCase())?.[0] ?? "";
}

const nameUnitsMax = 256;
const nameForm = /^[\x21-\x7e]+$/;

/** The session that a text names: itself, or the last part of a URL's path, without the ending of a transcript's file. */
export function sessionIn(text: string): string | undefined {
  const whole = text.trim();
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(whole)?.[1];
  const last = path === undefined ? whole : path.split("/").findLast((part) => part !== "");
  const name = (last ?? "").replace(/\.jsonl?$/, "");
  return name.length <= nameUnitsMax && nameForm.test(name) ? name : undefined;
}

function bounded(names: ReadonlySet<string>): readonly string[] {
  return [...names].slice(0, limits.bodyListItemsMax);
}
