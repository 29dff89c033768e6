import type { SourceProfile } from "@custody/model";

const sdk = 'set `"experimental": { "openTelemetry": true }` in opencode.json';
const lostTail =
  "what ends in the last seconds before the agent exits is lost, because its last batch is never sent";

/** What opencode can tell: its own spans name calls and refusals, those of the AI SDK inside it tell the rest once they are turned on. */
export const opencodeProfile: SourceProfile = {
  title: "opencode",
  agent: "opencode",
  facts: {
    session: {
      level: "partial",
      why: "Calls, model calls and rounds name their session, a sub-agent one of its own with its parent; spans without attributes only stand in a trace that does.",
      fixture: "opencode/subagent",
    },
    turn: {
      level: "partial",
      why: "The first round that a prompt began is in a log record; its end is told too, but mostly lost when the agent ends.",
      fixture: "opencode/resume",
    },
    prompt: {
      level: "partial",
      why: "A prompt stands in the first request to the model, which comes with the AI SDK's spans alone; without them a turn shows, and not what was asked.",
      remedy: sdk,
      fixture: "opencode/tool-edit",
    },
    decision: {
      level: "partial",
      why: `Each call has a span, and the answers of the model name them again with the AI SDK's spans; ${lostTail}.`,
      fixture: "opencode/tool-edit",
    },
    approval: {
      level: "partial",
      why: "A refusal says whether it was a rule's; what ran was allowed, by a rule or by somebody, and rules are told without the call.",
      fixture: "opencode/rules",
    },
    tool_call: {
      level: "partial",
      why: `Each call ends in a span that says whether it failed or was refused; ${lostTail}.`,
      fixture: "opencode/denied",
    },
    arguments: {
      level: "withheld",
      why: "Arguments come with the AI SDK's spans alone, and then whole.",
      remedy: sdk,
      fixture: "opencode/otel-off",
    },
    result: {
      level: "withheld",
      why: "Results come with the AI SDK's spans alone, and then whole.",
      remedy: sdk,
      fixture: "opencode/otel-off",
    },
    exit_code: {
      level: "withheld",
      why: "It stands in the result of a shell command, which comes with the AI SDK's spans alone.",
      remedy: sdk,
      fixture: "opencode/otel-off",
    },
    sandbox: {
      level: "not_exported",
      why: "There is no sandbox of its own to tell of.",
      remedy: "register the sandbox that opencode runs in",
      fixture: "opencode/tool-edit",
    },
    egress: {
      level: "not_exported",
      why: "Nothing is told of connections.",
      remedy: "put an egress proxy before the agent",
      fixture: "opencode/tool-edit",
    },
    tokens: {
      level: "withheld",
      why: "Tokens come with the AI SDK's spans alone; those of its own title generator are among them.",
      remedy: sdk,
      fixture: "opencode/otel-off",
    },
    identity: {
      level: "partial",
      why: "The AI SDK's spans name the account at the computer; nobody else is named.",
      remedy: "custody keys create --kind agent --subject <who>",
      fixture: "opencode/tool-edit",
    },
  },
};
