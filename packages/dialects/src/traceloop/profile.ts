import type { SourceProfile } from "@custody/model";

const withContent = "leave TRACELOOP_TRACE_CONTENT unset, or pass `traceContent: true`";

/** What OpenLLMetry tells of an application that uses its decorators. */
export const traceloopProfile: SourceProfile = {
  title: "OpenLLMetry (Traceloop)",
  facts: {
    session: {
      level: "partial",
      why: "A conversation is named only where the application set one among its association properties; elsewhere the trace stands in.",
      remedy: "wrap the run in `withAssociationProperties({ session_id })`",
      fixture: "traceloop/chat-tools",
    },
    turn: {
      level: "partial",
      why: "A run is a workflow, or an agent that nothing stands above; a bare model call has neither.",
      remedy: "wrap each run in `withWorkflow`",
      fixture: "traceloop/chat-tools",
    },
    prompt: {
      level: "partial",
      why: "What the workflow was called with is sent unless content is turned off; one that takes no arguments has its prompt in the first model call.",
      remedy: withContent,
      fixture: "traceloop/chat-tools",
    },
    decision: {
      level: "partial",
      why: "The calls a model asked for stand in its answer, with their ids, unless content is turned off.",
      remedy: withContent,
      fixture: "traceloop/redacted",
    },
    approval: {
      level: "not_exported",
      why: "There are no words for approvals of calls; only guards say their verdict on a run.",
      fixture: "traceloop/chat-tools",
    },
    tool_call: {
      level: "partial",
      why: "Each tool that is wrapped is told, without the call's id; one that throws never ends its span in the JavaScript SDK, and is not sent.",
      remedy: "wrap each tool in `withTool`, and return errors as results",
      fixture: "traceloop/chat-tools",
    },
    arguments: {
      level: "partial",
      why: "What a wrapped tool was called with is sent unless content is turned off.",
      remedy: withContent,
      fixture: "traceloop/chat-tools",
    },
    result: {
      level: "partial",
      why: "What a wrapped tool returned is sent unless content is turned off.",
      remedy: withContent,
      fixture: "traceloop/chat-tools",
    },
    exit_code: {
      level: "not_exported",
      why: "There is no name for it; only what a tool itself gives back may hold one.",
      fixture: "traceloop/chat-tools",
    },
    sandbox: {
      level: "not_exported",
      why: "There are no words for it.",
      fixture: "traceloop/chat-tools",
    },
    egress: {
      level: "not_exported",
      why: "There are no words for it.",
      fixture: "traceloop/chat-tools",
    },
    tokens: {
      level: "partial",
      why: "Whole answers bear the server's count, without cached and reasoning tokens; of streamed ones the instrumentation counts the words itself, and is wrong.",
      fixture: "traceloop/chat-stream",
    },
    identity: {
      level: "partial",
      why: "A user is named only where the application set one among its association properties, and only as its claim.",
      remedy: "wrap the run in `withAssociationProperties({ user_id })`",
      fixture: "traceloop/chat-tools",
    },
  },
};
