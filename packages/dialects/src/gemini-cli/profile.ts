import type { SourceProfile } from "@custody/model";

const traces = "set `telemetry.traces` to true in ~/.gemini/settings.json";

/** What Gemini CLI can tell: logs are its main signal; spans with their content add outcomes and results. */
export const geminiProfile: SourceProfile = {
  title: "Gemini CLI",
  agent: "gemini-cli",
  facts: {
    session: {
      level: "partial",
      why: "Every event names its session and the start is told with its mode, but never an end, and never the release of the agent.",
      fixture: "gemini-cli/plain-answer",
    },
    turn: {
      level: "partial",
      why: "A prompt starts a turn and nothing ends it; in a headless run the turn is named as the session is.",
      fixture: "gemini-cli/plain-answer",
    },
    prompt: {
      level: "full",
      why: "Prompts are sent unless the operator turns them off; then their length is, and the command line in the resource still holds them.",
      fixture: "gemini-cli/plain-answer",
    },
    decision: {
      level: "full",
      why: "Each call that ended is told with its tool, and the model's answer names those it chose while prompts are sent.",
      fixture: "gemini-cli/parallel-tools",
    },
    approval: {
      level: "partial",
      why: "A verdict is one word that does not say whether a human or a policy gave it, and a permission saved for good is told as a rejection.",
      remedy: traces,
      fixture: "gemini-cli/policy-deny",
    },
    tool_call: {
      level: "full",
      why: "Each call ends in one event that says whether it succeeded; the event names no call, so its name is made of span, tool and arguments.",
      fixture: "gemini-cli/parallel-same-tool",
    },
    arguments: {
      level: "full",
      why: "Arguments come whole unless prompts are turned off.",
      fixture: "gemini-cli/tool-edit",
    },
    result: {
      level: "withheld",
      why: "What a tool gave back is on its span alone, cut after 10,000 characters, and in the text of the next request to the model.",
      remedy: traces,
      fixture: "gemini-cli/tool-edit",
    },
    exit_code: {
      level: "partial",
      why: "The shell tool tells its exit code when it is not 0, and not while prompts are turned off; a command that fails counts as a success.",
      fixture: "gemini-cli/tool-edit",
    },
    sandbox: {
      level: "not_exported",
      why: "`sandbox_enabled` says whether a setting exists and is true in runs without a sandbox, so it is kept as a claim; register the sandbox instead.",
      fixture: "gemini-cli/plain-answer",
    },
    egress: {
      level: "not_exported",
      why: "No signal says what was connected to; a proxy in front of the agent does.",
      fixture: "gemini-cli/headless-denied",
    },
    tokens: {
      level: "full",
      why: "Each answer of the model comes with its usage; cached tokens are part of the input, reasoning is beside the output.",
      fixture: "gemini-cli/plain-answer",
    },
    identity: {
      level: "partial",
      why: "An e-mail address is told under a Google login; with an API key only the installation is named.",
      remedy:
        "`gemini` with a Google login, or give each person an agent key of their own: custody keys create --kind agent --subject <who>",
      fixture: "gemini-cli/google-account",
    },
  },
};
