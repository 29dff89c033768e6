import type { SourceProfile } from "@custody/model";

const traces =
  "set `CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1` and `OTEL_TRACES_EXPORTER=otlp` in the environment of the agent";
const details = "set `OTEL_LOG_TOOL_DETAILS=1` in the environment of the agent";

/** What Claude Code can tell: numbered logs are its main signal; spans, a beta feature, add how long a turn took and what a tool gave back. */
export const claudeCodeProfile: SourceProfile = {
  title: "Claude Code",
  agent: "claude-code",
  facts: {
    session: {
      level: "full",
      why: "Every event, span and metric names its session; a sub-agent works inside the session of its parent.",
      fixture: "claude-code/subagent",
    },
    turn: {
      level: "partial",
      why: "A prompt starts a turn and names it on every event after it; that it ended, and how long it took, comes with the spans alone.",
      remedy: traces,
      fixture: "claude-code/tool-edit",
    },
    prompt: {
      level: "withheld",
      why: "Claude Code sends the length of a prompt and `<REDACTED>` for its text unless it is told otherwise.",
      remedy: "set `OTEL_LOG_USER_PROMPTS=1` in the environment of the agent",
      fixture: "claude-code/tool-edit-json-redacted",
    },
    decision: {
      level: "partial",
      why: "Each call that was decided on is named with its tool, but every tool of an MCP server is called `mcp_tool` unless details are sent.",
      remedy: details,
      fixture: "claude-code/mcp-tools",
    },
    approval: {
      level: "partial",
      why: "Each verdict comes with its source, but `config` stands for a rule, for a mode and for nobody to ask, and what a program answered through the Agent SDK is told as the user's.",
      remedy:
        "set `OTEL_METRICS_INCLUDE_ENTRYPOINT=true` to tell a program that was asked from a person",
      fixture: "claude-code/user-approvals",
    },
    tool_call: {
      level: "partial",
      why: "A call is told from its verdict to its result; one that was cut short has no result.",
      fixture: "claude-code/interrupted-turn",
    },
    arguments: {
      level: "withheld",
      why: "Only the size of a tool's input is sent unless details are; then long values are cut after 512 characters.",
      remedy: details,
      fixture: "claude-code/tool-edit-json-redacted",
    },
    result: {
      level: "withheld",
      why: "What a tool gave back is never in the logs; it is on the span of the call where content is sent.",
      remedy: `${traces}, and \`OTEL_LOG_TOOL_CONTENT=1\``,
      fixture: "claude-code/tool-edit-json-redacted",
    },
    exit_code: {
      level: "not_exported",
      why: "A command that exits non-zero is told as an error of type `ShellError`, and its code never is.",
      fixture: "claude-code/tool-edit",
    },
    sandbox: {
      level: "not_exported",
      why: "Nothing says whether a command ran in a sandbox or what it was stopped from; with details, only that the model asked to leave it.",
      remedy:
        "have the sandbox's runtime register it: PUT /v1/sandboxes/{id} with an observer's key",
      fixture: "claude-code/sandboxed-bash",
    },
    egress: {
      level: "not_exported",
      why: "No signal names a connection, allowed or refused.",
      remedy:
        "set `sandbox.network.httpProxyPort` in the agent's settings to a proxy of your own, and send its log to POST /v1/egress with an observer's key",
      fixture: "claude-code/sandboxed-bash",
    },
    tokens: {
      level: "full",
      why: "Each answer of the model comes with its usage and cost; cached tokens stand beside the input, and reasoning tokens are never told apart.",
      fixture: "claude-code/plain-answer",
    },
    identity: {
      level: "partial",
      why: "An id of the installation is always there; account and e-mail address only under a login, and with an API key nobody is named.",
      remedy:
        "`claude login`, or give each person an agent key of their own: custody keys create --kind agent --subject <who>",
      fixture: "claude-code/plain-answer",
    },
  },
};
