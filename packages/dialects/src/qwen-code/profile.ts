import type { SourceProfile } from "@custody/model";

const sensitive = "export QWEN_TELEMETRY_INCLUDE_SENSITIVE_SPAN_ATTRIBUTES=true";

/** What Qwen Code can tell: logs are its main signal; spans add waits, reasons of refusals and, on request, results. */
export const qwenProfile: SourceProfile = {
  title: "Qwen Code",
  agent: "qwen-code",
  facts: {
    session: {
      level: "full",
      why: "Every event and span names its session, and its start, its setup and its end are told.",
      fixture: "qwen-code/plain-answer",
    },
    turn: {
      level: "full",
      why: "A prompt starts a turn, and the span of its interaction says how it ended; what the agent starts of itself is no turn.",
      fixture: "qwen-code/subagent",
    },
    prompt: {
      level: "full",
      why: "Prompts are sent unless the operator turns them off; then their length is, and the command line in the resource still holds them.",
      fixture: "qwen-code/plain-answer",
    },
    decision: {
      level: "full",
      why: "Each call that ended is told with its id and tool.",
      fixture: "qwen-code/parallel-tools",
    },
    approval: {
      level: "partial",
      why: "A verdict is one word that a mode which asks nobody yields as well; who refused is told on spans, and of a hook on spans alone.",
      fixture: "qwen-code/hook-denied",
    },
    tool_call: {
      level: "full",
      why: "Each call ends in one event that says whether it began, and how it ended.",
      fixture: "qwen-code/tool-edit",
    },
    arguments: {
      level: "full",
      why: "Arguments come whole, even while prompts are turned off.",
      fixture: "qwen-code/tool-edit-grpc-redacted",
    },
    result: {
      level: "withheld",
      why: "What a tool gave back is on its span alone and on request, and in the text of the next request to the model.",
      remedy: sensitive,
      fixture: "qwen-code/tool-edit-sensitive-spans",
    },
    exit_code: {
      level: "partial",
      why: "The shell tool tells the exit code in the error of a command that fails; of one that succeeds it tells none.",
      fixture: "qwen-code/tool-edit",
    },
    sandbox: {
      level: "partial",
      why: "The setup says whether there is a sandbox, but not which, and nothing says what it stopped.",
      fixture: "qwen-code/plain-answer",
    },
    egress: {
      level: "not_exported",
      why: "No signal says what a tool connected to; a proxy in front of the agent does.",
      fixture: "qwen-code/headless-denied",
    },
    tokens: {
      level: "full",
      why: "Each answer of the model comes with its usage; cached tokens are part of the input, reasoning is part of the output.",
      fixture: "qwen-code/plain-answer",
    },
    identity: {
      level: "withheld",
      why: "Spans name a user where the operator sets one, as whoever that says it is; logs name nobody.",
      remedy: "export QWEN_TELEMETRY_USER_ID=<who>",
      fixture: "qwen-code/named-user",
    },
  },
};
