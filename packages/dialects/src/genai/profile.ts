import type { SourceProfile } from "@custody/model";

/** What the conventions have words for, whoever writes the spans. What of it arrives is up to each instrumentation. */
export const genAiProfile: SourceProfile = {
  title: "OpenTelemetry GenAI conventions",
  facts: {
    session: {
      level: "not_exported",
      why: "`gen_ai.conversation.id` is optional, and no instrumentation that was captured sets it: the trace stands in.",
      remedy: "set `gen_ai.conversation.id` on the spans of a run",
      fixture: "genai-aisdk/agent-tools",
    },
    turn: {
      level: "partial",
      why: "A run of an agent is an `invoke_agent` span; instrumentations of a model's client alone have none.",
      remedy: "put an `invoke_agent` span around each run",
      fixture: "genai-aisdk/nested-agent",
    },
    prompt: {
      level: "partial",
      why: "Messages are opt-in content of the run's span; some instrumentations write them to logs or not at all.",
      remedy: "export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true",
      fixture: "genai-aisdk/agent-tools",
    },
    decision: {
      level: "partial",
      why: "The model's answer names the calls it chose, also those that were refused, where content is captured.",
      remedy: "export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true",
      fixture: "genai-openai/chat-tools",
    },
    approval: {
      level: "not_exported",
      why: "The conventions have no words for an approval; guardrails and action gates are proposals.",
      remedy: "record approvals with the one import, or send them under an authority key",
      fixture: "genai-aisdk/agent-tools",
    },
    tool_call: {
      level: "partial",
      why: "A tool that the agent's framework executes is an `execute_tool` span; one that the application runs itself is not.",
      remedy: "put an `execute_tool` span around each call",
      fixture: "genai-aisdk/agent-tools",
    },
    arguments: {
      level: "partial",
      why: "Arguments are opt-in content of the answer and of the tool's span.",
      remedy: "export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true",
      fixture: "genai-aisdk/agent-tools",
    },
    result: {
      level: "partial",
      why: "Results are opt-in content of the tool's span, or of the messages of the next request.",
      remedy: "export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true",
      fixture: "genai-aisdk/agent-tools",
    },
    exit_code: {
      level: "partial",
      why: "It is told where the tool's own result is an object with an exit code.",
      remedy: "return `{ stdout, exitCode }` from tools that run commands",
      fixture: "genai-aisdk/agent-tools",
    },
    sandbox: {
      level: "not_exported",
      why: "The conventions have no words for a sandbox.",
      fixture: "genai-aisdk/agent-tools",
    },
    egress: {
      level: "not_exported",
      why: "The conventions name the model's server and nothing else that is reached.",
      remedy: "put an egress proxy before the agent",
      fixture: "genai-aisdk/agent-tools",
    },
    tokens: {
      level: "full",
      why: "Each model call is a span with its usage; the sums on the runs above it are not counted again.",
      fixture: "genai-openai/chat-tools",
    },
    identity: {
      level: "not_exported",
      why: "Nobody is named: the conventions leave users to the application.",
      remedy: "set `enduser.id` on the spans, or give each person an agent key of their own",
      fixture: "genai-aisdk/agent-tools",
    },
  },
};
