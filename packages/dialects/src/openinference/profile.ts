import type { SourceProfile } from "@custody/model";

/** What OpenInference has words for, whoever writes the spans. */
export const openInferenceProfile: SourceProfile = {
  title: "OpenInference",
  facts: {
    session: {
      level: "partial",
      why: "Spans name a session only where the application set one in their context; elsewhere the trace stands in.",
      remedy:
        "wrap the run in `setSession(context.active(), { sessionId })`, or `using_session(session_id)` in Python",
      fixture: "openinference/openai-chat-tools",
    },
    turn: {
      level: "partial",
      why: "A run is a span of kind AGENT, or a chain that nothing stands above; a bare model call has neither.",
      remedy: "put a span of kind AGENT around each run",
      fixture: "openinference/openai-chat-tools",
    },
    prompt: {
      level: "full",
      why: "The run's input is sent unless its operator hides it.",
      fixture: "openinference/openai-chat-tools",
    },
    decision: {
      level: "partial",
      why: "The calls a model asked for stand in its answer, with their ids, unless outputs are hidden.",
      remedy: "leave OPENINFERENCE_HIDE_OUTPUTS unset",
      fixture: "openinference/openai-redacted",
    },
    approval: {
      level: "partial",
      why: "There are no words for approvals; of the OpenAI Agents SDK the rejected calls and the guardrails show.",
      fixture: "openai-agents-openinference/approval",
    },
    tool_call: {
      level: "partial",
      why: "Each execution that is a span of kind TOOL is told; few name the call, and a loop of one's own has no such spans.",
      remedy: "put a span of kind TOOL with `tool_call.id` around each execution",
      fixture: "openinference/openai-chat-tools",
    },
    arguments: {
      level: "full",
      why: "The input of each execution is sent unless its operator hides it.",
      fixture: "openinference/openai-chat-tools",
    },
    result: {
      level: "full",
      why: "The output of each execution is sent unless its operator hides it.",
      fixture: "openinference/openai-chat-tools",
    },
    exit_code: {
      level: "not_exported",
      why: "There is no name for it; only what a tool itself gives back may hold one.",
      fixture: "openinference/openai-chat-tools",
    },
    sandbox: {
      level: "not_exported",
      why: "There are no words for it.",
      fixture: "openinference/openai-chat-tools",
    },
    egress: {
      level: "not_exported",
      why: "There are no words for it.",
      fixture: "openinference/openai-chat-tools",
    },
    tokens: {
      level: "partial",
      why: "Model calls say their tokens; streamed ones of the OpenAI client and embeddings do not.",
      fixture: "openinference/openai-chat-tools",
    },
    identity: {
      level: "partial",
      why: "A user is named only where the application set one in the context, and only as its claim.",
      remedy:
        "wrap the run in `setUser(context.active(), { userId })`, or `using_user(user_id)` in Python",
      fixture: "openinference/openai-chat-tools",
    },
  },
};
