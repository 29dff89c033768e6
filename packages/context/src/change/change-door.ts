import { type Body, type ContributorKind, contributorKinds, type Fact } from "@custody/model";
import { z } from "zod";
import {
  type DoorVerdict,
  idText,
  listed,
  present,
  readDoor,
  timeText,
  wordText,
} from "../door.ts";
import { agentAt, readMarkers } from "./agent-markers.ts";
import { parseAgentTrace } from "./agent-trace.ts";
import { parseTrailers } from "./trailers.ts";

const hash = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "not a whole commit hash in lower case");
const count = z.int().min(0).max(1_000_000_000);
const personText = z.string().max(320);
const contributor = z.strictObject({
  kind: z.enum(contributorKinds).nullish(),
  /** Content: kept as a commitment only. */
  name: personText.nullish(),
  email: personText.nullish(),
});
type Contributor = z.output<typeof contributor>;

const review = z.strictObject({
  id: wordText,
  kind: z.enum(contributorKinds).default("unknown"),
  verdict: z.enum(["approved", "changes_requested", "commented"]),
  at: timeText.nullish(),
  /** The head that was looked at. */
  commit: hash.nullish(),
});
const check = z.strictObject({
  name: wordText,
  status: z.enum(["passed", "failed", "skipped", "pending"]),
  required: z.boolean().default(true),
});

const change = z
  .strictObject({
    /** The sender's own id of this delivery; without it, equal bodies are one. */
    id: idText.nullish(),
    repo: wordText,
    commit: hash,
    committed_ts: timeText.nullish(),
    parents: z.array(hash).max(64).nullish(),
    tree_digest: hash.nullish(),
    branch: wordText.nullish(),
    protected: z.boolean().nullish(),
    rewritten: z.boolean().nullish(),
    author: contributor.nullish(),
    committer: contributor.nullish(),
    files: z
      .array(
        z.strictObject({
          path: z.string().min(1).max(4_096),
          /** Absent of a binary file. */
          added: count.nullish(),
          removed: count.nullish(),
        }),
      )
      .max(10_000)
      .nullish(),
    /** The whole message; its trailers are read here. */
    message: z.string().max(1_048_576).nullish(),
    trailers: z
      .array(z.strictObject({ token: wordText, value: z.string().max(2_000) }))
      .max(200)
      .nullish(),
    pr: z
      .strictObject({ number: z.int().positive(), host: wordText.nullish(), head: hash.nullish() })
      .nullish(),
    reviewers: z.array(review).max(200).nullish(),
    checks: z.array(check).max(500).nullish(),
    merged_by: wordText.nullish(),
    merged_ts: timeText.nullish(),
    deployed_env: wordText.nullish(),
    deployed_ts: timeText.nullish(),
  })
  .refine(({ message, trailers }) => !(message && trailers), {
    message: "give the message, whose trailers are read, or the trailers",
  });
type Change = z.output<typeof change>;

/**
 * The body of `POST /v1/changes`: a commit with what became of it, its trailers raw or read, or an Agent Trace record as its tool wrote it, of which
 * `repo` says where it belongs. Paths, message, trailers and people are content; the rest is canonical.
 */
export function parseChange(json: unknown, repo?: string): DoorVerdict<Fact<"change">> {
  if (isAgentTrace(json)) return parseAgentTrace(json, repo);
  return readDoor(change, json, factOf);
}

function isAgentTrace(json: unknown): boolean {
  return typeof json === "object" && json !== null && "version" in json && !("commit" in json);
}

function factOf(input: Change): Fact<"change"> {
  const { id, deployed_ts, merged_ts, committed_ts } = input;
  const ts = deployed_ts ?? merged_ts ?? committed_ts;
  return {
    class: "change",
    ...(id ? { key: ["change", id] } : {}),
    ...present({ ts }),
    body: bodyOf(input),
    content: contentOf(input),
  };
}

function bodyOf(input: Change): Body<"change"> {
  const { repo, commit, committed_ts, parents, tree_digest, branch, rewritten } = input;
  const { merged_by, merged_ts, deployed_env, deployed_ts, author, committer } = input;
  const deployed = deployed_env || deployed_ts;
  return {
    event: deployed ? "deploy" : merged_ts || merged_by ? "merge" : "commit",
    repo,
    commit,
    ...present({ committed_ts, parents, tree_digest, branch, rewritten }),
    ...present({ protected: input.protected, merged_by, merged_ts, deployed_env, deployed_ts }),
    ...present({ author_kind: kindOf(author), committer_kind: kindOf(committer) }),
    ...sizes(input),
    ...claims(input),
    ...reviews(input),
    ...checks(input),
  };
}

function sizes({ files, pr }: Change): Partial<Body<"change">> {
  const sum = (values: readonly (number | null | undefined)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  return {
    ...(files
      ? {
          files: files.length,
          added: sum(files.map(({ added }) => added)),
          removed: sum(files.map(({ removed }) => removed)),
        }
      : {}),
    ...(pr ? { pr: String(pr.number), ...present({ pr_host: pr.host, pr_head: pr.head }) } : {}),
  };
}

function claims(input: Change): Partial<Body<"change">> {
  const trailers = input.trailers ?? parseTrailers(input.message ?? "");
  const { agents, sessions } = readMarkers(trailers);
  const people = [input.author, input.committer].flatMap(
    (one) => agentAt(one?.email ?? undefined) ?? [],
  );
  const told = input.trailers || input.message !== undefined;
  return {
    ...present({
      agents: listed([...agents, ...people]),
      trailer_sessions: listed(sessions),
    }),
    ...(told ? { trailers: trailers.length } : {}),
  };
}

/** What the sender says, else an agent where its address is known; nobody is a person for want of a sign. */
function kindOf(one: Contributor | null | undefined): ContributorKind | undefined {
  if (!one) return undefined;
  return one.kind ?? (agentAt(one.email ?? undefined) === undefined ? "unknown" : "agent");
}

/** Who approved what was merged, before it was: an approval of an older head, or after the merge, reviews nothing. */
function reviews({ reviewers, merged_ts, pr, commit }: Change): Partial<Body<"change">> {
  if (!reviewers) return {};
  const head = pr?.head ?? commit;
  const standing = reviewers.filter(
    (one) =>
      one.verdict === "approved" &&
      (!one.commit || one.commit === head) &&
      (!one.at || !merged_ts || one.at <= merged_ts),
  );
  return {
    reviewers: [...new Set(standing.filter(({ kind }) => kind === "human").map(({ id }) => id))],
    ...present({
      other_reviewers: listed(standing.filter(({ kind }) => kind !== "human").map(({ id }) => id)),
    }),
  };
}

/** A required check that was skipped, or still runs, did not pass. */
function checks({ checks: all }: Change): Partial<Body<"change">> {
  if (!all) return {};
  const required = all.filter((one) => one.required);
  const failed = required.filter(({ status }) => status !== "passed").length;
  return {
    checks_required: required.length,
    checks_failed: failed,
    ...(required.length === 0 ? {} : { checks_passed: failed === 0 }),
  };
}

function contentOf(input: Change): Readonly<Record<string, string>> {
  const { message, trailers, files, author, committer } = input;
  const people = present({ author, committer });
  return {
    ...(message ? { message } : {}),
    ...(trailers ? { trailers: JSON.stringify(trailers) } : {}),
    ...(files ? { files: JSON.stringify(files) } : {}),
    ...(Object.keys(people).length === 0 ? {} : { author: JSON.stringify(people) }),
  };
}
