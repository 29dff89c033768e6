import type { SourceProfile } from "@custody/model";

const sensitive = "leave `traceIncludeSensitiveData` on";
const overOtlp = "instrument it with OpenInference as well, or instead";

/** What the OpenAI Agents SDK tells through its own exporter. */
export const openAiAgentsProfile: SourceProfile = {
  title: "OpenAI Agents SDK",
  facts: {
    session: {
      level: "partial",
      why: "A conversation is named only where the application gives its traces a group id; elsewhere the trace stands in.",
      remedy:
        "run inside `withTrace(name, …, { groupId })`, or `trace(name, group_id=…)` in Python",
      fixture: "openai-agents-native/handoff-and-guardrail",
    },
    turn: {
      level: "full",
      why: "Each run is a span of its own; the resumption of one that waited for an approval is one more.",
      fixture: "openai-agents-native/approval",
    },
    prompt: {
      level: "not_exported",
      why: "A run does not say what it was asked; only the input of a model over Chat Completions holds it.",
      remedy: overOtlp,
      fixture: "openai-agents-native/tools",
    },
    decision: {
      level: "partial",
      why: "Calls show when they are carried out or rejected; what a model asked for is sent over Chat Completions alone.",
      remedy: overOtlp,
      fixture: "openai-agents-native/chat-completions",
    },
    approval: {
      level: "partial",
      why: "A rejected call names itself, but not who rejected it; an approved one looks like any other. Guardrails tell their verdicts.",
      fixture: "openai-agents-native/approval",
    },
    tool_call: {
      level: "full",
      why: "Each call that was carried out or rejected is a span, without the id the model gave it.",
      fixture: "openai-agents-native/tools",
    },
    arguments: {
      level: "partial",
      why: "They are sent of each call that was carried out, unless sensitive data is turned off; a rejected call has none.",
      remedy: sensitive,
      fixture: "openai-agents-native/approval",
    },
    result: {
      level: "full",
      why: "What each call gave back is sent unless sensitive data is turned off.",
      fixture: "openai-agents-native/tools",
    },
    exit_code: {
      level: "not_exported",
      why: "There is no member for it; only what a tool itself gives back may hold one.",
      fixture: "openai-agents-native/tools",
    },
    sandbox: {
      level: "not_exported",
      why: "The export has no member for it.",
      fixture: "openai-agents-native/tools",
    },
    egress: {
      level: "not_exported",
      why: "The export has no member for it.",
      fixture: "openai-agents-native/tools",
    },
    tokens: {
      level: "partial",
      why: "Each turn tells its tokens with those cached; reasoning tokens stand in answers over Chat Completions alone, and older releases have no turns.",
      fixture: "openai-agents-native/tools",
    },
    identity: {
      level: "not_exported",
      why: "The export names no person; metadata of the application's own is kept as content.",
      fixture: "openai-agents-native/handoff-and-guardrail",
    },
  },
};
