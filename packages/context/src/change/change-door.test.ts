import { expect, test } from "vitest";
import { parseChange } from "./change-door.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const head = "fedcba9876543210fedcba9876543210fedcba98";
const link = { repo: "acme/shop", commit };

function bodyOf(json: unknown): Readonly<Record<string, unknown>> {
  const verdict = parseChange(json);
  if (verdict.outcome === "invalid") throw new Error(verdict.reason);
  return verdict.fact.body as unknown as Readonly<Record<string, unknown>>;
}

test("a commit keeps its counts and its claims, and gives up paths, message and people as content", () => {
  const message =
    "Fix the cart\n\nAgent-Session: s-1\nCo-Authored-By: Claude <noreply@anthropic.com>\n";
  const files = [
    { path: "src/cart.ts", added: 3, removed: 1 },
    { path: "logo.png", added: null, removed: null },
  ];
  const author = { kind: "human", name: "Ada", email: "ada@example.com" };
  const verdict = parseChange({
    ...link,
    committed_ts: "2026-11-23T10:00:00+01:00",
    message,
    files,
    author,
  });
  expect(verdict).toEqual({
    outcome: "ok",
    fact: {
      class: "change",
      ts: "2026-11-23T09:00:00.000000000Z",
      body: {
        event: "commit",
        ...link,
        committed_ts: "2026-11-23T09:00:00.000000000Z",
        author_kind: "human",
        files: 2,
        added: 3,
        removed: 1,
        agents: ["claude-code"],
        trailer_sessions: ["s-1"],
        trailers: 2,
      },
      content: { message, files: JSON.stringify(files), author: JSON.stringify({ author }) },
    },
  });
});

test("an approval counts for the head that was merged, by a person, before the merge", () => {
  const review = (id: string, members: object = {}): object => ({
    id,
    kind: "human",
    verdict: "approved",
    commit: head,
    at: "2026-11-23T10:00:00Z",
    ...members,
  });
  const body = bodyOf({
    ...link,
    pr: { number: 42, host: "git.example", head },
    merged_ts: "2026-11-23T11:00:00Z",
    merged_by: "ada",
    reviewers: [
      review("ada"),
      review("late", { at: "2026-11-23T11:00:01Z" }),
      review("old-head", { commit }),
      review("against", { verdict: "changes_requested" }),
      review("reviewer-bot", { kind: "bot" }),
      review("nobody-knows", { kind: "unknown" }),
    ],
  });
  expect(body).toMatchObject({
    event: "merge",
    pr: "42",
    pr_host: "git.example",
    pr_head: head,
    reviewers: ["ada"],
    other_reviewers: ["reviewer-bot", "nobody-knows"],
  });
});

test("a required check that was skipped or still runs has not passed, and without any nothing is said", () => {
  const checks = [
    { name: "test", status: "passed" },
    { name: "lint", status: "skipped" },
    { name: "perf", status: "failed", required: false },
  ];
  expect(bodyOf({ ...link, checks })).toMatchObject({
    checks_required: 2,
    checks_failed: 1,
    checks_passed: false,
  });
  expect(bodyOf({ ...link, checks: [] })).not.toHaveProperty("checks_passed");
});

test.each([
  ["Claude-Session: https://claude.ai/code/session_01AbC?x=1", ["session_01AbC"], undefined],
  ["Codex-Session: 01a2b3", ["01a2b3"], undefined],
  ["Assisted-by: Claude:claude-opus-4-8 sparse", undefined, ["claude-code"]],
  ["Generated-by: SomethingNew 3", undefined, ["unlisted"]],
  ["Co-Authored-By: Ada <ada@example.com>", undefined, undefined],
  ["Co-Authored-By: Claude Miller <claude@example.com>", undefined, undefined],
  ["Signed-off-by: x <noreply@anthropic.com>", undefined, undefined],
  ["Agent-Session: two words", undefined, undefined],
])("the trailer %j names what it says and nothing more", (trailer, sessions, agents) => {
  const body = bodyOf({ ...link, message: `Title\n\n${trailer}\n` });
  expect([body["trailer_sessions"], body["agents"]]).toEqual([sessions, agents]);
});

const trace = {
  version: "0.1.0",
  id: "550e8400-e29b-41d4-a716-446655440000",
  timestamp: "2026-01-23T14:30:00Z",
  vcs: { type: "git", revision: commit },
  tool: { name: "Cursor", version: "2.4.0" },
  files: [
    {
      path: "src/cart.ts",
      conversations: [
        {
          url: "https://api.example.com/v1/conversations/c-9",
          contributor: { type: "ai", model_id: "anthropic/claude-opus-4-5" },
          ranges: [
            { start_line: 1, end_line: 10, content_hash: "murmur3:9f2e8a1b" },
            { start_line: 20, end_line: 20, contributor: { type: "human" } },
          ],
          related: [
            { type: "session", url: "file:///home/ada/.agent/s-77.jsonl" },
            { type: "prompt", url: "https://api.example.com/p/1" },
          ],
        },
      ],
    },
  ],
  metadata: { "dev.example": { workspace: ["anything"] } },
};

test("an Agent Trace record says who wrote which lines, in which conversation, and stays whole as content", () => {
  const verdict = parseChange(trace, "acme/shop");
  expect(verdict).toMatchObject({
    outcome: "ok",
    fact: {
      key: ["agent_trace", trace.id],
      body: {
        event: "trace",
        repo: "acme/shop",
        commit,
        vcs: "git",
        author_kind: "agent",
        agents: ["cursor"],
        trace_sessions: ["c-9", "s-77"],
        models: ["anthropic/claude-opus-4-5"],
        files: 1,
        lines: { ai: 10, human: 1 },
      },
      content: { trace: JSON.stringify(trace), files: '[{"path":"src/cart.ts"}]' },
    },
  });
});

test("the smallest record of the specification is taken, without a revision", () => {
  const { version, id, timestamp } = trace;
  const conversations = [
    { contributor: { type: "ai" }, ranges: [{ start_line: 1, end_line: 50 }] },
  ];
  const smallest = { version, id, timestamp, files: [{ path: "src/app.ts", conversations }] };
  expect(bodyOf(smallest)).toEqual({
    event: "trace",
    author_kind: "agent",
    files: 1,
    lines: { ai: 50 },
  });
});

test.each([
  [{ ...link, commit: "0123456" }, "commit"],
  [{ ...link, messages: "x" }, "messages"],
  [{ commit }, "repo"],
  [{ ...link, message: "x", trailers: [{ token: "a", value: "b" }] }, "trailers"],
  [{ ...trace, vcs: { type: "cvs", revision: "1" } }, "vcs.type"],
  [{ ...trace, files: [{ path: "a" }] }, "files.0.conversations"],
  [[], ""],
  [null, ""],
])("%j is refused with its place", (json, place) => {
  const verdict = parseChange(json);
  expect(verdict.outcome).toBe("invalid");
  expect(verdict.outcome === "invalid" ? verdict.reason : "").toContain(place);
});
