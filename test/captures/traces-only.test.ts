import { describe, expect, test } from "vitest";
import type { CapturedAgent } from "./captured-agents.ts";
import { capturedBodies, itemsOf, tell } from "./captured-items.ts";
import { foundIn } from "./found.ts";
import { expectedTruths, type Truth } from "./truth.ts";

/** What is left when an operator exports spans alone. */
function fromSpans(agent: CapturedAgent, scenario: string): Truth {
  const spans = capturedBodies(agent, scenario).filter((body) => body.signal === "traces");
  return foundIn(tell(spans.flatMap((body) => itemsOf(body))).facts);
}

const truthOf = (agent: CapturedAgent, scenario: string): Truth => {
  const truth = expectedTruths(agent)[scenario];
  if (truth === undefined) throw new Error("no truth");
  return truth;
};

const statuses = (truth: Truth): readonly string[] =>
  truth.tool_calls.map(({ call, status }) => `${call} ${status}`).sort();

describe("with the traces beta alone, Claude Code still says", () => {
  const cases = [
    "tool-edit",
    "bypass-permissions",
    "mcp-tools",
    "older-2.1.197-tool-edit",
    "subagent",
  ] as const;

  test.each(cases)("%s: its tokens and turns", (scenario) => {
    const truth = truthOf("claude-code", scenario);
    const found = fromSpans("claude-code", scenario);
    const { input, cached_input, output } = truth.tokens;
    expect(found.tokens).toMatchObject({ input, cached_input, output });
    expect([found.sessions, found.turns, found.inferences]).toEqual([
      truth.sessions,
      truth.turns,
      truth.inferences,
    ]);
  });

  test.each(cases)(
    "%s: the outcome of every call that was executed, of a refused one nothing",
    (scenario) => {
      const told = statuses(truthOf("claude-code", scenario)).map((name) =>
        name.replace(/ denied$/, " unknown"),
      );
      expect(statuses(fromSpans("claude-code", scenario))).toEqual(told);
    },
  );

  test("deny-rules-and-hooks: who refused, without the call it was about", () => {
    const spans = capturedBodies("claude-code", "deny-rules-and-hooks").filter(
      (body) => body.signal === "traces",
    );
    const approvals = tell(spans.flatMap((body) => itemsOf(body))).facts.flatMap(({ fact }) =>
      fact.class === "approval" ? [`${fact.body.verdict} by ${fact.body.by}`] : [],
    );
    expect(approvals).toEqual(["deny by policy", "allow by policy", "deny by hook"]);
  });
});

describe("with traces alone, Codex still says", () => {
  test.each(["tool-edit", "mcp-tools", "hooks-block", "sandbox-denied"])(
    "%s: its tokens and which calls there were",
    (scenario) => {
      const truth = truthOf("codex", scenario);
      const found = fromSpans("codex", scenario);
      expect(found.tokens).toEqual(truth.tokens);
      expect(found.tool_calls.map(({ call, tool }) => `${call} ${tool}`).sort()).toEqual(
        truth.tool_calls.map(({ call, tool }) => `${call} ${tool}`).sort(),
      );
    },
  );

  test("execpolicy-rules: a call that a rule stopped is not taken for an executed one", () => {
    expect(statuses(fromSpans("codex", "execpolicy-rules"))).toEqual([
      "call_0002fake unknown",
      "call_0005fake executed",
    ]);
  });
});
