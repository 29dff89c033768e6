import type { SourceProfile } from "@custody/model";

const captureContent = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true";
const captureInEditor =
  '"github.copilot.chat.otel.captureContent": true in the settings of VS Code';

/** What the CLI can tell: spans and metrics, and no log records. */
export const copilotProfile: SourceProfile = {
  title: "Copilot CLI",
  agent: "copilot",
  facts: {
    session: {
      level: "full",
      why: "Every span names its conversation; a sub-agent works inside that of its parent, and a resumed one goes on under its name.",
      fixture: "copilot-cli/resume",
    },
    turn: {
      level: "full",
      why: "A run of the agent bears an event for each prompt of the user, with an id of its own.",
      fixture: "copilot-cli/tool-edit",
    },
    prompt: {
      level: "withheld",
      why: "Prompts are sent only with message content.",
      remedy: captureContent,
      fixture: "copilot-cli/tool-edit-content",
    },
    decision: {
      level: "full",
      why: "Each call has a span of its own, refused ones too, and with message content the answer of the model names its calls once more.",
      fixture: "copilot-cli/tool-edit-content",
    },
    approval: {
      level: "partial",
      why: "Only what had to be asked has a permission span; what was allowed beforehand is concluded, and of a refusal by a rule or a hook the span does not say which.",
      fixture: "copilot-cli/user-approvals",
    },
    tool_call: {
      level: "partial",
      why: "Each call ends in a span that says whether it failed or was denied; the name of an MCP tool is a digest unless message content is sent.",
      remedy: captureContent,
      fixture: "copilot-cli/mcp-tools",
    },
    arguments: {
      level: "withheld",
      why: "Arguments are sent only with message content.",
      remedy: captureContent,
      fixture: "copilot-cli/tool-edit-content",
    },
    result: {
      level: "withheld",
      why: "Results are sent only with message content.",
      remedy: captureContent,
      fixture: "copilot-cli/tool-edit-content",
    },
    exit_code: {
      level: "partial",
      why: "A shell command that ended during its call tells its code; one that outlived it does not.",
      fixture: "copilot-cli/tool-edit",
    },
    sandbox: {
      level: "partial",
      why: "Each shell command tells whether Copilot's own sandbox was active and whether it could start; what it denied was never captured.",
      fixture: "copilot-cli/sandboxed",
    },
    egress: {
      level: "not_exported",
      why: "Nothing is told of connections.",
      remedy: "put an egress proxy before the agent",
      fixture: "copilot-cli/headless-denied",
    },
    tokens: {
      level: "full",
      why: "Each request to the model has a span with its tokens; the sums on the runs above are not counted.",
      fixture: "copilot-cli/subagent",
    },
    identity: {
      level: "not_exported",
      why: "Nobody is named.",
      remedy: "custody keys create --kind agent --subject <who>",
      fixture: "copilot-cli/plain-answer",
    },
  },
};

/** What Copilot Chat in VS Code can tell, by its documentation: no capture of it is to be had without an editor, so no cell says `full`. */
export const copilotChatProfile: SourceProfile = {
  title: "Copilot Chat in VS Code",
  agent: "copilot-chat",
  basis: "documentation",
  facts: {
    ...copilotProfile.facts,
    session: {
      ...copilotProfile.facts.session,
      level: "partial",
      why: "Spans name their conversation; log records name the window or nothing.",
    },
    turn: {
      ...copilotProfile.facts.turn,
      level: "partial",
      why: "Each run at the root of its trace is a turn; no id ties the model calls inside to it.",
    },
    prompt: { ...copilotProfile.facts.prompt, remedy: captureInEditor },
    decision: {
      ...copilotProfile.facts.decision,
      level: "partial",
      why: "Each call that was taken up has a span of its own.",
    },
    approval: {
      ...copilotProfile.facts.approval,
      level: "not_exported",
      why: "VS Code asks its user without telling; only the verdict of a hook is told, without the call it was for.",
    },
    tool_call: { ...copilotProfile.facts.tool_call, remedy: captureInEditor },
    arguments: { ...copilotProfile.facts.arguments, remedy: captureInEditor },
    result: { ...copilotProfile.facts.result, remedy: captureInEditor },
    exit_code: {
      ...copilotProfile.facts.exit_code,
      level: "not_exported",
      why: "No exit code is told of a command in the terminal.",
    },
    sandbox: {
      ...copilotProfile.facts.sandbox,
      level: "not_exported",
      why: "Nothing is told of a sandbox.",
    },
    tokens: {
      ...copilotProfile.facts.tokens,
      level: "partial",
      why: "Each request to the model has a span with its tokens, where its endpoint tells them.",
    },
    identity: {
      level: "withheld",
      why: "Account, user and host are named only where the operator turned it on.",
      remedy: '"github.copilot.chat.otel.captureIdentity": true in the settings of VS Code',
      fixture: "copilot-cli/plain-answer",
    },
  },
};
