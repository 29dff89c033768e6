import type { SourceProfile } from "@custody/model";

const plain = "vercel-ai-sdk/v6-agent-tools";

/** What applications on the AI SDK can tell. Content is sent unless the application says otherwise. */
export const vercelAiProfile: SourceProfile = {
  title: "Vercel AI SDK",
  facts: {
    session: {
      level: "partial",
      why: "The SDK knows no conversation: where the application names none, each run stands for one.",
      remedy:
        "set `experimental_telemetry.metadata.sessionId` on each call, or under version 7 put `sessionId` into `runtimeContext` and list it in `telemetry.includeRuntimeContext` of a `new OpenTelemetry({ runtimeContext: true })`",
      fixture: plain,
    },
    turn: {
      level: "full",
      why: "Each call of `generateText` or `streamText` is a span with its prompt; one made inside a tool is a turn of its own.",
      fixture: "vercel-ai-sdk/v7-nested-agent",
    },
    prompt: {
      level: "full",
      why: "The prompt is on the span of the run, unless the application sets `recordInputs: false`.",
      fixture: plain,
    },
    decision: {
      level: "partial",
      why: "The model's answer names each call with its arguments, also those that were refused; with `recordOutputs: false` only executed ones show.",
      remedy: "leave `recordOutputs` on",
      fixture: "vercel-ai-sdk/v6-approval",
    },
    approval: {
      level: "partial",
      why: "An answer to an approval request shows in the messages of the next run, under version 7 only a refusal; who gave it is never told.",
      remedy: "leave `recordInputs` on",
      fixture: "vercel-ai-sdk/v6-approval",
    },
    tool_call: {
      level: "partial",
      why: "Each tool the SDK executes is a span; tools that the application or its user carries out are not.",
      remedy: "give the tool an `execute` function",
      fixture: plain,
    },
    arguments: {
      level: "full",
      why: "The arguments are on the tool's span, unless the application sets `recordInputs: false` or `recordOutputs: false`.",
      fixture: plain,
    },
    result: {
      level: "full",
      why: "The result is on the tool's span, unless the application sets `recordOutputs: false`.",
      fixture: plain,
    },
    exit_code: {
      level: "partial",
      why: "It is told where the tool's own result is an object with an exit code.",
      remedy: "return `{ stdout, exitCode }` from tools that run commands",
      fixture: plain,
    },
    sandbox: {
      level: "not_exported",
      why: "The SDK runs tools in the application's process and knows no sandbox.",
      fixture: plain,
    },
    egress: {
      level: "not_exported",
      why: "What a tool reaches over the network is not traced by the SDK.",
      remedy: "put an egress proxy before the application",
      fixture: plain,
    },
    tokens: {
      level: "full",
      why: "Each answer of the model has its usage, cached tokens as part of the input; version 5 leaves cached ones out.",
      fixture: "vercel-ai-sdk/v7-agent-tools",
    },
    identity: {
      level: "partial",
      why: "Somebody is named only where the application puts a user into its metadata.",
      remedy: "set `experimental_telemetry.metadata.userId` on each call",
      fixture: plain,
    },
  },
};
