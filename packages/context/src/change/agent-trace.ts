import type { ContributorKind, Fact } from "@custody/model";
import { z } from "zod";
import { type DoorVerdict, listed, present, readDoor, timeText, wordText } from "../door.ts";
import { sessionIn } from "./agent-markers.ts";

/**
 * One record of Agent Trace, the open specification for attributing code to agents (version 0.1.0, January 2026, https://agent-trace.dev, text and
 * schema in github.com/cursor/agent-trace, CC BY 4.0). Read as that text says, written anew: known members strictly; `metadata` may hold
 * anything and is kept whole as content.
 */
const contributorTypes = ["human", "ai", "mixed", "unknown"] as const;
type ContributorType = (typeof contributorTypes)[number];

const url = z.url().max(2_000);
const contributor = z.strictObject({
  type: z.enum(contributorTypes),
  model_id: z.string().max(250).nullish(),
});
const range = z
  .strictObject({
    start_line: z.int().min(1),
    end_line: z.int().min(1),
    content_hash: wordText.nullish(),
    contributor: contributor.nullish(),
  })
  .refine(({ start_line, end_line }) => start_line <= end_line, "ends before it starts");
const conversation = z.strictObject({
  url: url.nullish(),
  contributor: contributor.nullish(),
  ranges: z.array(range).max(10_000),
  related: z
    .array(z.strictObject({ type: wordText, url }))
    .max(100)
    .nullish(),
});
const agentTrace = z.strictObject({
  /** The schema asks for two numbers, the text and its examples give three. */
  version: z.string().regex(/^[0-9]{1,4}(\.[0-9]{1,4}){1,2}$/, "not a version such as 0.1.0"),
  id: z.uuid(),
  timestamp: timeText,
  vcs: z.strictObject({ type: z.enum(["git", "jj", "hg", "svn"]), revision: wordText }).nullish(),
  tool: z.strictObject({ name: wordText.nullish(), version: wordText.nullish() }).nullish(),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(4_096),
        conversations: z.array(conversation).max(1_000),
      }),
    )
    .max(10_000),
  metadata: z.record(z.string().max(256), z.unknown()).nullish(),
});
type AgentTrace = z.output<typeof agentTrace>;

/** An attribution has no repository of its own: whoever sends it may say which. */
export function parseAgentTrace(
  json: unknown,
  repo: string | undefined,
): DoorVerdict<Fact<"change">> {
  return readDoor(agentTrace, json, (trace) => {
    const conversations = trace.files.flatMap((file) => file.conversations);
    const lines = linesOf(conversations);
    return {
      class: "change",
      key: ["agent_trace", trace.id],
      ts: trace.timestamp,
      body: {
        event: "trace",
        ...present({ repo, commit: trace.vcs?.revision, vcs: trace.vcs?.type }),
        author_kind: authorKind(lines),
        ...present({
          agents: listed(trace.tool?.name ? [trace.tool.name.toLowerCase()] : []),
          trace_sessions: listed(sessionsOf(conversations)),
          models: listed(modelsOf(conversations)),
        }),
        files: trace.files.length,
        lines,
      },
      content: {
        trace: JSON.stringify(json),
        files: JSON.stringify(trace.files.map(({ path }) => ({ path }))),
      },
    };
  });
}

type Conversation = AgentTrace["files"][number]["conversations"][number];

/** The conversation itself first, then what it calls its sessions. */
function sessionsOf(conversations: readonly Conversation[]): readonly string[] {
  return conversations
    .flatMap((one) => [
      ...(one.url ? [sessionIn(one.url)] : []),
      ...(one.related ?? [])
        .filter(({ type }) => type === "session" || type === "conversation")
        .map((related) => sessionIn(related.url)),
    ])
    .filter((name) => name !== undefined);
}

function modelsOf(conversations: readonly Conversation[]): readonly string[] {
  return conversations.flatMap(({ contributor: own, ranges }) =>
    [own, ...ranges.map((one) => one.contributor)].flatMap((one) => one?.model_id ?? []),
  );
}

/** A range's own contributor stands before its conversation's; where neither is said, nobody knows. */
function linesOf(
  conversations: readonly Conversation[],
): Readonly<Partial<Record<ContributorType, number>>> {
  const lines: Partial<Record<ContributorType, number>> = {};
  for (const { contributor: own, ranges } of conversations) {
    for (const one of ranges) {
      const type = (one.contributor ?? own)?.type ?? "unknown";
      const count = (lines[type] ?? 0) + one.end_line - one.start_line + 1;
      lines[type] = Math.min(count, Number.MAX_SAFE_INTEGER);
    }
  }
  return lines;
}

function authorKind(lines: Readonly<Partial<Record<ContributorType, number>>>): ContributorKind {
  if (lines.ai !== undefined || lines.mixed !== undefined) return "agent";
  return lines.human === undefined ? "unknown" : "human";
}
