import type { SourceProfile } from "@custody/model";

const both = "mcp/client-and-server";

/** What spans of MCP clients and servers can tell. They know requests, and nothing of the conversation around them. */
export const mcpProfile: SourceProfile = {
  title: "Model Context Protocol (spans)",
  facts: {
    session: {
      level: "not_exported",
      why: "An MCP session is a connection and no conversation: the trace stands in.",
      remedy: "trace the agent that speaks to the server, in the same traces",
      fixture: both,
    },
    turn: {
      level: "not_exported",
      why: "A request knows nothing of the prompt it serves.",
      remedy: "trace the agent that speaks to the server, in the same traces",
      fixture: both,
    },
    prompt: {
      level: "not_exported",
      why: "Prompts of users never reach a server.",
      fixture: both,
    },
    decision: {
      level: "partial",
      why: "A client's span says which tool was asked for; a server alone knows only that somebody asked.",
      remedy: "trace the client as well",
      fixture: both,
    },
    approval: {
      level: "not_exported",
      why: "Whoever allowed a call did so before it was sent.",
      fixture: both,
    },
    tool_call: {
      level: "full",
      why: "Each call of a tool is a span of its client, of its server, or of both, which are one call.",
      fixture: both,
    },
    arguments: {
      level: "partial",
      why: "The conventions leave arguments out unless an instrumentation is told to send them.",
      remedy: "turn on the collection of arguments in the instrumentation",
      fixture: "mcp/server-library",
    },
    result: {
      level: "withheld",
      why: "The conventions leave results out unless an instrumentation is told to send them.",
      remedy: "turn on the collection of results in the instrumentation",
      fixture: both,
    },
    exit_code: {
      level: "not_exported",
      why: "A result says whether it is an error and knows no exit code.",
      fixture: both,
    },
    sandbox: {
      level: "not_exported",
      why: "The conventions have no words for a sandbox.",
      fixture: both,
    },
    egress: {
      level: "not_exported",
      why: "What a server reaches over the network is not on its spans.",
      remedy: "put an egress proxy before the server",
      fixture: both,
    },
    tokens: {
      level: "not_exported",
      why: "Models are called elsewhere.",
      fixture: both,
    },
    identity: {
      level: "not_exported",
      why: "Nobody is named.",
      fixture: both,
    },
  },
};
