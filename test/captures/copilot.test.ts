import { describe, expect, test } from "vitest";
import { type MadeSpan, madeLog, madeSpan, saying, type Values } from "../support/made-items.ts";

// What no capture shows: VS Code, releases to come, and every word of a permission (agent-telemetry 5 and 15.1).

const cli = {
  resource: { "service.name": "github-copilot", "service.version": "1.0.102" },
  scope: "github.copilot",
};
const editor = {
  resource: { "service.name": "copilot-chat", "service.version": "0.41.0", "session.id": "window" },
  scope: "copilot-chat",
};
const conversation = "9b9d088d-f730-48f9-82af-8e416330b154";
const tool = (values: Values, more: Partial<MadeSpan> = {}): MadeSpan => ({
  name: "execute_tool bash bash",
  ...more,
  attributes: {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.conversation.id": conversation,
    "gen_ai.tool.name": "bash",
    "gen_ai.tool.call.id": "call_1",
    ...values,
  },
});
const permission = (result: string): MadeSpan => ({
  name: "permission",
  parentSpanId: "00f067aa0ba902b7",
  attributes: {
    "gen_ai.conversation.id": conversation,
    "github.copilot.permission.kind": "shell",
    "github.copilot.permission.result": result,
  },
});
const run = (more: Partial<MadeSpan>): MadeSpan => ({
  name: "invoke_agent",
  ...more,
  attributes: {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.conversation.id": conversation,
    ...more.attributes,
  },
});

describe("the verdict of a Copilot permission", () => {
  const words = [
    ["approved", "allow", "unknown", "once"],
    ["approved-for-session", "allow", "unknown", "session"],
    ["approved-for-location", "allow", "unknown", "location"],
    ["denied-by-rules", "deny", "policy", "once"],
    ["denied-by-permission-request-hook", "deny", "hook", "once"],
    ["denied-by-content-exclusion-policy", "deny", "policy", "once"],
    ["denied-interactively-by-user", "deny", "human", "once"],
    ["cancelled", "abort", "unknown", "once"],
    ["denied-no-approval-rule-and-could-not-request-from-user", "deny", "policy", "once"],
  ] as const;

  test.each(words)(
    "%s is %s by %s, %s, and of the call of its parent span",
    (result, verdict, by, scope) => {
      const { of } = saying(madeSpan(cli, permission(result)));
      expect(of("approval")).toMatchObject([
        { call: "span:00f067aa0ba902b7", body: { verdict, by, scope, raw: result, primary: true } },
      ]);
    },
  );

  test("a word that nobody knew is nobody's verdict, and is marked", () => {
    const { of } = saying(madeSpan(cli, permission("approved-by-moon")));
    expect(of("approval")).toMatchObject([
      { body: { verdict: "ask", by: "unknown" }, attrs: { "approval.words": "unlisted" } },
    ]);
  });

  test("a permission without a result is kept whole, and missed", () => {
    const { "github.copilot.permission.result": _, ...rest } = permission("").attributes ?? {};
    const { dialect, drift } = saying(madeSpan(cli, { ...permission(""), attributes: rest }));
    expect(dialect).toBe("opaque");
    expect(drift.map(({ kind, name }) => [kind, name])).toContainEqual([
      "attribute_missing",
      "permission/github.copilot.permission.result",
    ]);
  });

  test("written on the tool span itself, as release 1.0.10 did, it is of the call that the span names", () => {
    const { of } = saying(madeSpan(cli, tool({ "github.copilot.permission.result": "approved" })));
    expect(of("approval")).toMatchObject([
      { call: "call_1", body: { verdict: "allow", primary: true } },
    ]);
  });
});

describe("a Copilot tool call", () => {
  test("that exits non-zero was executed, with that code", () => {
    const { bodies } = saying(madeSpan(cli, tool({ "process.exit.code": 7 })));
    expect(bodies("tool_call")).toMatchObject([{ status: "executed", exit_code: 7, tool: "bash" }]);
  });

  test("that was denied never began, gave nothing back, and says of its refusal only that", () => {
    const { bodies, of } = saying(
      madeSpan(cli, tool({ "error.type": "denied" }, { failure: "Tool failed" })),
    );
    expect(bodies("tool_call")).toMatchObject([{ status: "denied", success: false }]);
    expect(bodies("tool_call")[0]).not.toHaveProperty("exec_start");
    expect(of("observation")).toEqual([]);
    expect(of("approval")).toMatchObject([
      { inferred: true, body: { verdict: "deny", by: "unknown", primary: false } },
    ]);
  });

  test("with an error of another name failed, and nobody concludes who allowed it", () => {
    const { bodies, of } = saying(madeSpan(cli, tool({ "error.type": "ToolError" })));
    expect(bodies("tool_call")).toMatchObject([{ status: "error", error_type: "ToolError" }]);
    expect(of("approval")).toEqual([]);
  });

  test("that ran in the CLI without a word of a permission was allowed beforehand: concluded, never primary", () => {
    const { of } = saying(madeSpan(cli, tool({})));
    expect(of("approval")).toMatchObject([
      { inferred: true, body: { verdict: "allow", by: "policy", primary: false } },
    ]);
  });

  test("that ran in VS Code concludes nothing, because VS Code asks without telling", () => {
    const { of, bodies } = saying(
      madeSpan(editor, tool({ "gen_ai.tool.name": "run_in_terminal" })),
    );
    expect(bodies("tool_call")).toMatchObject([{ kind: "exec", status: "executed" }]);
    expect(of("approval")).toEqual([]);
    expect(of("tool_call")[0]?.agent?.name).toBe("copilot-chat");
  });

  test("of an MCP server is told by its server, by digest or by name", () => {
    const hashed = saying(
      madeSpan(editor, tool({ "github.copilot.tool.parameters.mcp_server_name_hash": "311f38" })),
    );
    expect(hashed.bodies("tool_call")).toMatchObject([{ kind: "mcp", mcp_server: "311f38" }]);
    const named = saying(
      madeSpan(
        editor,
        tool({
          "github.copilot.tool.parameters.mcp_server_name_hash": "311f38",
          "github.copilot.tool.parameters.mcp_server_name": "calc",
        }),
      ),
    );
    expect(named.bodies("tool_call")).toMatchObject([{ kind: "mcp", mcp_server: "calc" }]);
  });

  test("without a call id goes by its span; without a tool it is kept whole", () => {
    const { "gen_ai.tool.call.id": _, ...unnamed } = tool({}).attributes ?? {};
    const nameless = saying(madeSpan(cli, { name: "execute_tool", attributes: unnamed }));
    expect(nameless.of("tool_call")[0]?.call).toBe("span:b7ad6b7169203331");
    const { "gen_ai.tool.name": __, ...toolless } = tool({}).attributes ?? {};
    expect(saying(madeSpan(cli, { name: "execute_tool bash", attributes: toolless })).dialect).toBe(
      "opaque",
    );
  });

  test("holds arguments back unless they are captured, and misses a result only then", () => {
    const off = saying(madeSpan(cli, tool({})));
    expect(off.bodies("decision")).toMatchObject([{ arguments_state: "withheld" }]);
    expect(off.bodies("observation")).toMatchObject([{ state: "withheld" }]);
    const on = saying(madeSpan(cli, tool({ "gen_ai.tool.call.arguments": '{"command":"ls"}' })));
    expect(on.bodies("observation")).toMatchObject([{ state: "missing" }]);
    expect(on.of("tool_call")[0]?.content).toMatchObject({ arguments: '{"command":"ls"}' });
  });
});

describe("an event on a Copilot span", () => {
  const sandbox = (outcome: string, more: Values = {}): NonNullable<MadeSpan["events"]> => [
    {
      name: "github.copilot.sandbox.anything",
      attributes: {
        "github.copilot.sandbox.decision_kind": "network_decision",
        "github.copilot.sandbox.control": "network",
        "github.copilot.sandbox.outcome": outcome,
        "github.copilot.sandbox.backend": "seatbelt",
        ...more,
      },
    },
  ];

  test("of the sandbox is the enforcer's word, reported, whatever the event is called", () => {
    const { of } = saying(madeSpan(cli, tool({}, { events: sandbox("denied") })));
    expect(of("sandbox")).toMatchObject([
      {
        call: "call_1",
        vantage: "enforcer",
        body: { event: "outcome", outcome: "denied", attested_by: "agent", backend: "seatbelt" },
      },
    ]);
  });

  test("of the sandbox keeps the command it denied as content, and no plain copy", () => {
    const { of } = saying(
      madeSpan(
        cli,
        tool(
          {},
          { events: sandbox("denied", { "github.copilot.sandbox.command": "cat ~/.ssh/id" }) },
        ),
      ),
    );
    expect(JSON.stringify(of("sandbox")[0]?.attrs)).not.toContain(".ssh");
    expect(of("sandbox")[0]?.content?.["attributes"]).toContain(".ssh");
  });

  test("that nobody knew is kept whole, and the rest of its span is read", () => {
    const { of, dialect } = saying(
      madeSpan(
        cli,
        tool(
          {},
          { events: [{ name: "github.copilot.moon.phase", attributes: { phase: "full" } }] },
        ),
      ),
    );
    expect(dialect).toBe("copilot");
    expect(of("opaque")).toMatchObject([
      {
        body: { name: "github.copilot.moon.phase" },
        content: { payload: expect.stringContaining("full") },
      },
    ]);
    expect(of("tool_call")).toHaveLength(1);
  });

  test("of a hook that refused is a verdict without a call; of one that let pass it is none", () => {
    const hook = (decision: string) =>
      saying(
        madeSpan(
          cli,
          run({
            events: [
              {
                name: "github.copilot.hook.end",
                attributes: {
                  "github.copilot.hook.type": "preToolUse",
                  "github.copilot.hook.decision": decision,
                },
              },
            ],
          }),
        ),
      ).of("approval");
    expect(hook("deny")).toMatchObject([{ body: { verdict: "deny", by: "hook", primary: false } }]);
    expect(hook("deny")[0]).not.toHaveProperty("call");
    expect(hook("allow")).toEqual([]);
  });

  test("tells the end of a session, an abort of the user, a skill and a compaction", () => {
    const { bodies, of } = saying(
      madeSpan(
        cli,
        run({
          events: [
            {
              name: "github.copilot.session.abort",
              attributes: { "github.copilot.abort_reason": "user" },
            },
            {
              name: "github.copilot.skill.invoked",
              attributes: {
                "github.copilot.skill.name": "review",
                "github.copilot.skill.path": "/home/a/x",
              },
            },
            {
              name: "github.copilot.session.compaction_complete",
              attributes: { "github.copilot.success": true },
            },
            {
              name: "github.copilot.session.shutdown",
              attributes: { "github.copilot.shutdown_type": "routine" },
            },
          ],
        }),
      ),
    );
    expect(bodies("session")).toContainEqual({ event: "end", end_reason: "routine" });
    expect(bodies("turn")).toContainEqual({
      event: "end",
      prompt_state: "unknown",
      interrupted: true,
    });
    const skill = of("session").find(({ attrs }) => attrs?.["event"]?.endsWith("skill.invoked"));
    expect(skill?.attrs).not.toHaveProperty("github.copilot.skill.path");
    expect(skill?.content?.["attributes"]).toContain("/home/a/x");
    expect(of("opaque")).toEqual([]);
  });
});

describe("a run of Copilot", () => {
  const prompt = (source: string, interaction: string) => ({
    name: "github.copilot.user.message",
    attributes: {
      "github.copilot.user.message.source": source,
      "github.copilot.user.message.interaction_id": interaction,
    },
  });

  test("with two prompts of the user is two turns, and what another wrote is none", () => {
    const { of } = saying(
      madeSpan(
        cli,
        run({ events: [prompt("user", "i1"), prompt("skill", "i2"), prompt("user", "i3")] }),
      ),
    );
    expect(of("turn").map(({ turn }) => turn)).toEqual(["i1", "i3"]);
  });

  test("of a sub-agent is no turn, and its sum is not counted", () => {
    const { of, bodies } = saying(
      madeSpan(
        cli,
        run({
          parentSpanId: "00f067aa0ba902b7",
          attributes: { "gen_ai.usage.input_tokens": 2300 },
        }),
      ),
    );
    expect(of("turn")).toEqual([]);
    expect(bodies("inference")).toMatchObject([
      { primary: false, purpose: "turn_total", input_tokens: 2300 },
    ]);
  });

  test("under a client's span that propagated its trace is still a turn", () => {
    const { of } = saying(madeSpan(cli, run({ parentSpanId: "00f067aa0ba902b7", kind: 3 })));
    expect(of("turn")).toHaveLength(1);
  });

  test("in VS Code names repository, account and what the user typed, and promises no approvals", () => {
    const { of } = saying(
      madeSpan(
        editor,
        run({
          attributes: {
            "copilot_chat.user_request": "fix it",
            "github.copilot.git.repository": "https://github.com/acme/app.git",
            "github.copilot.git.branch": "main",
            "user.name": "octocat",
            "copilot_chat.brand_new": "kept",
          },
        }),
      ),
    );
    const [session] = of("session");
    expect(session).toMatchObject({
      agent: { name: "copilot-chat" },
      claimed: { "user.name": "octocat" },
      body: { repo: "https://github.com/acme/app.git" },
    });
    expect(session?.body.can).not.toContain("approvals");
    expect(session?.content?.["attributes"]).toContain("brand_new");
    expect(of("turn")).toMatchObject([
      { body: { prompt_state: "reported" }, content: { prompt: "fix it" } },
    ]);
  });

  test("names each call of an answer once, in an answer that is cut none", () => {
    const chat = (messages: string): MadeSpan => ({
      name: "chat gpt-4.1",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.conversation.id": conversation,
        "gen_ai.request.model": "gpt-4.1",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 2,
        "gen_ai.output.messages": messages,
      },
    });
    const messages = JSON.stringify([
      {
        role: "assistant",
        parts: [
          { type: "text", content: "I look." },
          { type: "tool_call", id: "call_1", name: "bash", arguments: { command: "ls" } },
          { type: "tool_call", id: "call_2", name: "view", arguments: '{"path":"/a"}' },
          { type: "tool_call", name: "no id" },
        ],
      },
    ]);
    const { of } = saying(madeSpan(cli, chat(messages)));
    expect(
      of("decision").map(({ call, body, content }) => [call, body.tool, content?.["arguments"]]),
    ).toEqual([
      ["call_1", "bash", '{"command":"ls"}'],
      ["call_2", "view", '{"path":"/a"}'],
    ]);
    expect(saying(madeSpan(cli, chat(messages.slice(0, 120)))).of("decision")).toEqual([]);
  });
});

describe("a log record of VS Code", () => {
  test("of a model call corroborates its span, and never counts beside it", () => {
    const { bodies } = saying(
      madeLog(editor, {
        "event.name": "gen_ai.client.inference.operation.details",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1500,
        "gen_ai.usage.output_tokens": 250,
      }),
    );
    expect(bodies("inference")).toMatchObject([
      { primary: false, input_tokens: 1500, output_tokens: 250 },
    ]);
  });

  test("of a tool call, a turn and an edit is kept whole and makes no call and no verdict", () => {
    for (const name of [
      "copilot_chat.tool.call",
      "copilot_chat.agent.turn",
      "copilot_chat.edit.feedback",
    ]) {
      const { facts } = saying(
        madeLog(editor, {
          "event.name": name,
          "gen_ai.tool.name": "readFile",
          outcome: "rejected",
        }),
      );
      expect(facts).toMatchObject([
        { class: "session", body: { event: "seen" }, attrs: { event: name } },
      ]);
      expect(facts[0]).not.toHaveProperty("call");
    }
  });

  test("of a session's start names the session", () => {
    const { of } = saying(
      madeLog(editor, { "event.name": "copilot_chat.session.start", "session.id": "s1" }),
    );
    expect(of("session")).toMatchObject([{ session: "s1", body: { event: "start" } }]);
  });

  test("of a name that nobody knew is kept whole and reported", () => {
    const { dialect, of, drift } = saying(
      madeLog(editor, { "event.name": "copilot_chat.moon.rise", phase: "full" }),
    );
    expect([dialect, of("opaque").length]).toEqual(["opaque", 1]);
    expect(drift).toContainEqual(
      expect.objectContaining({
        agent: "copilot-chat",
        kind: "unknown_event",
        name: "copilot_chat.moon.rise",
      }),
    );
  });
});

describe("a hook span of VS Code", () => {
  const hook = (decision: string): MadeSpan => ({
    name: "execute_hook PreToolUse",
    attributes: {
      "gen_ai.operation.name": "execute_hook",
      "gen_ai.conversation.id": conversation,
      "copilot_chat.hook_type": "PreToolUse",
      "github.copilot.hook.decision": decision,
    },
  });

  test("that blocked is a refusal by a hook; one that passed decided nothing", () => {
    expect(saying(madeSpan(editor, hook("block"))).bodies("approval")).toMatchObject([
      { verdict: "deny", by: "hook", primary: false },
    ]);
    const passed = saying(madeSpan(editor, hook("pass")));
    expect(passed.of("approval")).toEqual([]);
    expect(passed.bodies("session")).toEqual([{ event: "seen" }]);
  });
});

test("Copilot is told by its own attributes where its operator renamed service and scope", () => {
  const renamed = { resource: { "service.name": "our-agents" }, scope: "ours" };
  const item = madeSpan(renamed, run({ attributes: { "github.copilot.agent.type": "builtin" } }));
  expect(saying(item).dialect).toBe("copilot");
  expect(saying(item).of("session")[0]?.agent?.name).toBe("copilot");
});

test("an operation that nobody knew is kept whole and reported", () => {
  const { dialect, drift } = saying(
    madeSpan(cli, { name: "dream", attributes: { "gen_ai.operation.name": "dream" } }),
  );
  expect(dialect).toBe("opaque");
  expect(drift).toContainEqual(expect.objectContaining({ kind: "unknown_event", name: "dream" }));
});
