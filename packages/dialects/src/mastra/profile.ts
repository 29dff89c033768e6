import type { SourceProfile } from "@custody/model";

const plain = "mastra/agent-tools";

/** What agents on Mastra can tell through its OpenTelemetry exporter. Content is sent. */
export const mastraProfile: SourceProfile = {
  title: "Mastra",
  facts: {
    session: {
      level: "partial",
      why: "A conversation is named only where the application puts one into its metadata or uses a thread of memory.",
      remedy: "pass `tracingOptions: { metadata: { sessionId } }` to each run",
      fixture: plain,
    },
    turn: {
      level: "full",
      why: "Each run of an agent is a span.",
      fixture: plain,
    },
    prompt: {
      level: "full",
      why: "The input of the run is on its span.",
      fixture: plain,
    },
    decision: {
      level: "full",
      why: "Each step of the loop has the model's answer with the calls it chose.",
      fixture: plain,
    },
    approval: {
      level: "not_exported",
      why: "A tool that waits for an approval suspends the run, and no span says who answered.",
      remedy: "record approvals with the one import, or send them under an authority key",
      fixture: plain,
    },
    tool_call: {
      level: "full",
      why: "Each tool that Mastra executes is a span with its outcome.",
      fixture: plain,
    },
    arguments: {
      level: "full",
      why: "The arguments are on the tool's span.",
      fixture: plain,
    },
    result: {
      level: "full",
      why: "The result is on the tool's span.",
      fixture: plain,
    },
    exit_code: {
      level: "not_exported",
      why: "The captured tools return no exit code; one whose result is an object with an exit code would state it.",
      remedy: "return `{ stdout, exitCode }` from tools that run commands",
      fixture: plain,
    },
    sandbox: {
      level: "not_exported",
      why: "Mastra's spans know no sandbox.",
      fixture: plain,
    },
    egress: {
      level: "not_exported",
      why: "What a tool reaches over the network is not traced.",
      remedy: "put an egress proxy before the application",
      fixture: plain,
    },
    tokens: {
      level: "full",
      why: "Each model call is a span with its usage, cached tokens as part of the input.",
      fixture: plain,
    },
    identity: {
      level: "partial",
      why: "Somebody is named only where the application puts a user into its metadata.",
      remedy: "pass `tracingOptions: { metadata: { userId } }` to each run",
      fixture: plain,
    },
  },
};
