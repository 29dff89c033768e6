import type { SourceProfile } from "@custody/model";

const runner = "claude-platform/tool-runner";
const turnOn =
  "set `openTelemetry: { traces: { contentMode: 'content' } }` on the client, or export ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE=content";

/** What applications on the Claude SDK can tell. Spans of the API itself are read by its reference and were never captured. */
export const claudePlatformProfile: SourceProfile = {
  title: "Claude Platform (SDK and API)",
  facts: {
    session: {
      level: "not_exported",
      why: "Requests to the Messages API know no conversation: the trace stands in. Managed Agents name their sessions by Anthropic's reference, which no capture shows.",
      fixture: runner,
    },
    turn: {
      level: "partial",
      why: "A run of the SDK's tool runner is a span; a loop of the application's own is not.",
      remedy: "use the tool runner, or put an `invoke_agent` span around each run",
      fixture: runner,
    },
    prompt: {
      level: "withheld",
      why: "The span of a run has no prompt; the messages are on the model calls, once content is turned on.",
      remedy: turnOn,
      fixture: runner,
    },
    decision: {
      level: "partial",
      why: "Each call the tool runner takes up is named; those of the application's own loop only in answers, once content is turned on.",
      remedy: turnOn,
      fixture: runner,
    },
    approval: {
      level: "not_exported",
      why: "Whoever allowed a call is not told.",
      remedy: "record approvals with the one import, or send them under an authority key",
      fixture: runner,
    },
    tool_call: {
      level: "partial",
      why: "Each tool that the tool runner executes is a span; tools of the application's own loop are not.",
      remedy: "use the tool runner",
      fixture: runner,
    },
    arguments: {
      level: "withheld",
      why: "Arguments are content, and spans hold metadata alone unless the client is told otherwise.",
      remedy: turnOn,
      fixture: runner,
    },
    result: {
      level: "withheld",
      why: "Results are content, and spans hold metadata alone unless the client is told otherwise.",
      remedy: turnOn,
      fixture: runner,
    },
    exit_code: {
      level: "not_exported",
      why: "A result says whether it is an error and knows no exit code.",
      fixture: runner,
    },
    sandbox: {
      level: "not_exported",
      why: "The spans know no sandbox.",
      fixture: runner,
    },
    egress: {
      level: "not_exported",
      why: "The spans name Anthropic's server and nothing else that is reached.",
      remedy: "put an egress proxy before the application",
      fixture: runner,
    },
    tokens: {
      level: "full",
      why: "Each model call has its usage, cached and written tokens as part of the input.",
      fixture: "claude-platform/sdk-messages",
    },
    identity: {
      level: "not_exported",
      why: "Nobody is named: the API's spans have an organization and a workspace by Anthropic's reference, the SDK's neither.",
      remedy:
        "give each person an agent key of their own: custody keys create --kind agent --subject <who>",
      fixture: runner,
    },
  },
};
