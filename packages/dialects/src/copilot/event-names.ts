/** What an event on a span, or a log record of VS Code, is to us. One that is in no table is kept whole as `opaque`. */
export type EventReading =
  | "prompt"
  | "hook"
  | "mcp"
  | "end"
  | "abort"
  | "start"
  | "inference"
  | "seen"
  | "error"
  | "noise";

/** On every event of the sandbox, whatever its name. */
export const sandboxMark = "github.copilot.sandbox.decision_kind";

/** Events on spans, which is where Copilot writes what others send as log records (agent-telemetry 5). */
export const spanEventNames: Readonly<Record<string, EventReading>> = {
  "github.copilot.user.message": "prompt",
  user_message: "prompt",
  "github.copilot.hook.start": "seen",
  "github.copilot.hook.end": "hook",
  "github.copilot.hook.error": "seen",
  "github.copilot.mcp.server.lifecycle": "mcp",
  "github.copilot.session.truncation": "seen",
  "github.copilot.session.compaction_start": "seen",
  "github.copilot.session.compaction_complete": "seen",
  "github.copilot.session.shutdown": "end",
  "github.copilot.session.abort": "abort",
  "github.copilot.skill.invoked": "seen",
  "github.copilot.system.notification": "seen",
  "github.copilot.custom_notification": "seen",
  // What the span itself says as its status and `error.type`, unless the event adds to it.
  exception: "error",
  "gen_ai.client.operation.exception": "error",
  // How full the context is, again with every model call.
  "github.copilot.session.usage_info": "noise",
};

/** Log records of VS Code. None names its call: what they say of calls and edits is kept, and tied to nothing. */
export const logEventNames: Readonly<Record<string, EventReading>> = {
  "gen_ai.client.inference.operation.details": "inference",
  "copilot_chat.session.start": "start",
  "copilot_chat.tool.call": "seen",
  "copilot_chat.agent.turn": "seen",
  "copilot_chat.edit.feedback": "seen",
  "copilot_chat.edit.hunk.action": "seen",
  "copilot_chat.edit.survival": "seen",
  "copilot_chat.inline.done": "seen",
  "copilot_chat.inline_agent_survey": "seen",
  "copilot_chat.user.feedback": "seen",
  "copilot_chat.cloud.session.invoke": "seen",
};

/** Attributes of events that hold what somebody wrote, a path or a command: content, never plain. */
export const eventContent: ReadonlySet<string> = new Set([
  "content",
  "github.copilot.message",
  "github.copilot.hook.error_message",
  "github.copilot.skill.path",
  "github.copilot.skill.content",
  "github.copilot.user.message.content",
  "github.copilot.system.notification.content",
  "exception.message",
  "exception.stacktrace",
]);
