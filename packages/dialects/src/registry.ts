import type { Dialect, ItemSink, SignalView } from "@custody/model";
import { claudeCode } from "./claude-code/normalise.ts";
import { claudePlatform } from "./claude-platform/normalise.ts";
import { codex } from "./codex/normalise.ts";
import { copilot } from "./copilot/normalise.ts";
import { geminiCli } from "./gemini-cli/normalise.ts";
import { genAi } from "./genai/normalise.ts";
import { langChain } from "./langchain/normalise.ts";
import { mastra } from "./mastra/normalise.ts";
import { mcp } from "./mcp/normalise.ts";
import { noticeDrift, noticeUnclaimed } from "./notice-drift.ts";
import { opaque } from "./opaque/normalise.ts";
import { openAiAgents } from "./openai-agents/normalise.ts";
import { opencode } from "./opencode/normalise.ts";
import { openInference } from "./openinference/normalise.ts";
import { qwenCode } from "./qwen-code/normalise.ts";
import { tally } from "./tally.ts";
import { traceloop } from "./traceloop/normalise.ts";
import { vercelAi } from "./vercel-ai/normalise.ts";

/** Asked in this order, the first yes wins; `opaque` says yes to everything and stands last. */
export const dialects: readonly Dialect[] = [
  codex,
  claudeCode,
  geminiCli,
  qwenCode,
  copilot,
  opencode,
  openInference,
  traceloop,
  vercelAi,
  mastra,
  claudePlatform,
  mcp,
  openAiAgents,
  langChain,
  genAi,
  opaque,
];

/**
 * Turns one item into facts, counted noise, or an `opaque` fact, says how it strays from what its dialect expects, and names the dialect
 * that took it. Stateless: the same item says the same in whatever delivery, order or batch it arrives (design 3, invariant 5).
 */
export function normaliseItem(item: SignalView, sink: ItemSink): string {
  const dialect = dialects.find((candidate) => candidate.claims(item)) ?? opaque;
  const isTally = item.signal === "metric" && tally(item, dialect, sink);
  const read = isTally ? "done" : dialect.normalise(item, sink);
  if (dialect === opaque) {
    noticeUnclaimed(item, sink);
    return opaque.name;
  }
  noticeDrift(dialect, item, read, sink);
  if (read === "done") return dialect.name;
  opaque.normalise(item, sink);
  return opaque.name;
}

/** The version of a dialect by name, for the envelope of a record; undefined for a name that is none of ours. */
export function dialectVersion(name: string): string | undefined {
  return dialects.find((dialect) => dialect.name === name)?.version;
}
