import type { SourceProfile } from "@custody/model";

/** What Codex can tell: logs are its main signal, spans add turn ids and the calls that a hook refused. */
export const codexProfile: SourceProfile = {
  title: "Codex",
  agent: "codex",
  facts: {
    session: {
      level: "full",
      why: "Every event names its conversation; reviewers and sub-agents have conversations of their own.",
      fixture: "codex/subagents",
    },
    turn: {
      level: "partial",
      why: "A prompt starts a turn, and its end and its id come with the spans alone.",
      remedy: "set `trace_exporter` under `[otel]` in ~/.codex/config.toml",
      fixture: "codex/tool-edit",
    },
    prompt: {
      level: "withheld",
      why: "Codex sends the length of a prompt and `[REDACTED]` for its text unless it is told otherwise.",
      remedy: "set `log_user_prompt = true` under `[otel]` in ~/.codex/config.toml",
      fixture: "codex/tool-edit-json-redacted",
    },
    decision: {
      level: "partial",
      why: "Each call that was taken up is named with its tool; one that a hook refused only where spans are sent too.",
      remedy: "set `trace_exporter` under `[otel]` in ~/.codex/config.toml",
      fixture: "codex/hooks-block",
    },
    approval: {
      level: "partial",
      why: "Verdicts are told with who gave them, but not those of a hook, of an exec-policy rule, of approval policy `never`, nor one that ended the turn.",
      fixture: "codex/execpolicy-rules",
    },
    tool_call: {
      level: "partial",
      why: "Each call ends in a result, but not one that was cut short, and one that a hook refused shows in spans alone.",
      remedy: "set `trace_exporter` under `[otel]` in ~/.codex/config.toml",
      fixture: "codex/hooks-block",
    },
    arguments: {
      level: "partial",
      why: "Arguments come whole, but with the result: a call that was cut short, or that a hook refused, never tells them.",
      fixture: "codex/appserver-cancel",
    },
    result: {
      level: "partial",
      why: "What the agent saw back comes with the result, cut after 2,048 bytes.",
      remedy: "raise `tool_result = { max_bytes = … }` under `[otel]` in ~/.codex/config.toml",
      fixture: "codex/tool-edit",
    },
    exit_code: {
      level: "partial",
      why: "It stands in the text that Codex writes above the output of a command; one that still runs or was cut short has none.",
      fixture: "codex/tool-edit",
    },
    sandbox: {
      level: "partial",
      why: "The mode is told at the start, and a write that was blocked; a connection that was blocked is not, nor the backend.",
      fixture: "codex/sandbox-denied",
    },
    egress: {
      level: "withheld",
      why: "Connections are told by Codex's own network proxy, which is off unless it is turned on.",
      remedy:
        "set `network_proxy = true` under `[features]` and give the permission profile a `network` table, or put an egress proxy before the agent",
      fixture: "codex/network-proxy",
    },
    tokens: {
      level: "full",
      why: "Each answer of the model comes with its usage; cached tokens are part of the input.",
      fixture: "codex/logs-only",
    },
    identity: {
      level: "partial",
      why: "Account and e-mail address are told under a ChatGPT login; with an API key nobody is named.",
      remedy:
        "`codex login`, or give each person an agent key of their own: `custody keys create --kind agent --subject <who>`",
      fixture: "codex/chatgpt-login",
    },
  },
};
