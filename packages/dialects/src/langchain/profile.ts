import type { SourceProfile } from "@custody/model";

const show = "leave LANGSMITH_HIDE_INPUTS and LANGSMITH_HIDE_OUTPUTS unset";

/** What LangSmith's own OpenTelemetry export tells of an application on LangChain, LangGraph or traced functions. */
export const langChainProfile: SourceProfile = {
  title: "LangChain and LangGraph (LangSmith)",
  facts: {
    session: {
      level: "partial",
      why: "A thread is named only where the application puts its id into the metadata of the run; elsewhere the trace stands in.",
      remedy: "run with `metadata: { thread_id }`",
      fixture: "langchain/agent-tools",
    },
    turn: {
      level: "partial",
      why: "A run is the chain that nothing traced stands above; a streamed model call inside it may be told in its place.",
      fixture: "langchain/agent-tools",
    },
    prompt: {
      level: "full",
      why: "The input of the run is sent unless its operator hides it.",
      fixture: "langchain/agent-tools",
    },
    decision: {
      level: "partial",
      why: "The calls a model asked for stand in its answer, with their ids, unless outputs are hidden.",
      remedy: show,
      fixture: "langchain/hidden",
    },
    approval: {
      level: "not_exported",
      why: "There are no words for it; an interrupt of LangGraph looks like the end of a run.",
      fixture: "langchain/agent-tools",
    },
    tool_call: {
      level: "full",
      why: "Each tool run is told; the call's id only where LangChain's result or the metadata name it.",
      remedy: "run tools with `metadata: { tool_call_id }`",
      fixture: "langchain/call-ids",
    },
    arguments: {
      level: "full",
      why: "The input of each tool run is sent unless its operator hides it.",
      fixture: "langchain/agent-tools",
    },
    result: {
      level: "full",
      why: "The output of each tool run is sent unless its operator hides it.",
      fixture: "langchain/agent-tools",
    },
    exit_code: {
      level: "not_exported",
      why: "There is no name for it; only what a tool itself gives back may hold one.",
      fixture: "langchain/agent-tools",
    },
    sandbox: {
      level: "not_exported",
      why: "There are no words for it.",
      fixture: "langchain/agent-tools",
    },
    egress: {
      level: "not_exported",
      why: "There are no words for it.",
      fixture: "langchain/agent-tools",
    },
    tokens: {
      level: "partial",
      why: "Each model call that is told says its tokens, cached and reasoned ones too; of several streamed calls in one traced function only one is told.",
      fixture: "langchain/stream",
    },
    identity: {
      level: "partial",
      why: "A user is named only where the application puts an id into the metadata of the run, and only as its claim.",
      remedy: "run with `metadata: { user_id }`",
      fixture: "langchain/agent-tools",
    },
  },
};
