import { schedulerOf, traceOf } from "../world/wire-call.ts";
import { wireArguments, wireTool } from "../world/wire-words.ts";
import type { Ask, Call, Session } from "../world/world.ts";
import { type Item, iso, logItem, type Source, type Values } from "./otlp.ts";

/** What Gemini CLI calls a verdict. It does not say whose. */
const verdicts: Readonly<Record<Ask, string>> = {
  auto: "accept",
  user: "accept",
  "user-session": "auto_accept",
  reviewer: "accept",
  hook: "accept",
  bypass: "accept",
  "deny-user": "reject",
  "deny-policy": "reject",
};

export const geminiSource: Source = {
  resource: { "service.name": "gemini-cli", "service.version": "v20.20.0" },
  scope: { name: "gemini-cli" },
};

export function geminiItems(session: Session): readonly Item[] {
  const { seat } = session;
  let prompt = session.id;
  const say = (at: number, name: string, values: Values, call?: Call): Item => {
    const saidAt = at + session.skewMs;
    const shared = {
      "session.id": session.id,
      "installation.id": seat.id,
      interactive: !seat.headless,
      auth_type: "gemini-api-key",
      "event.name": name,
      "event.timestamp": iso(saidAt),
    };
    const place = call === undefined ? {} : { trace: traceOf(call), span: schedulerOf(call) };
    return logItem({ at, saidAt, values: { ...shared, ...values }, body: name, ...place });
  };
  const start = {
    model: seat.model,
    sandbox_enabled: true,
    approval_mode: session.approvalMode,
    mcp_servers: [...new Set(session.servers)].join(","),
    mcp_servers_count: new Set(session.servers).size,
  };
  return [
    say(session.startAt, "gemini_cli.config", start),
    ...session.steps.flatMap((step) => {
      if (step.is === "turn") {
        prompt = step.id;
        const values = {
          prompt_id: prompt,
          prompt: step.prompt,
          prompt_length: step.prompt.length,
        };
        return [say(step.at, "gemini_cli.user_prompt", values)];
      }
      if (step.is === "infer") {
        const tokens = {
          input_token_count: step.input,
          output_token_count: step.output,
          cached_content_token_count: 0,
          thoughts_token_count: 0,
          role: "main",
        };
        const values = { model: seat.model, prompt_id: prompt, status_code: 200, duration_ms: 900 };
        return [say(step.at, "gemini_cli.api_response", { ...values, ...tokens })];
      }
      if (step.is === "mode") return [];
      return [
        say(step.call.endAt, "gemini_cli.tool_call", callOf(session, step.call, prompt), step.call),
      ];
    }),
  ];
}

function callOf(session: Session, call: Call, prompt: string): Values {
  const isRefused = call.ask.startsWith("deny");
  return {
    function_name: wireTool(session.seat, call),
    function_args: JSON.stringify(JSON.parse(wireArguments(session.seat, call)), null, 2),
    duration_ms: call.endAt - call.decidedAt + call.waitedMs,
    success: call.ran && call.exit === 0,
    decision: verdicts[call.ask],
    prompt_id: prompt,
    tool_type: call.verb === "mcp" ? "mcp" : "native",
    content_length: call.output.length,
    ...(call.server === undefined ? {} : { mcp_server_name: call.server }),
    ...(call.exit === 0 || isRefused
      ? {}
      : {
          metadata: JSON.stringify({ exitCode: call.exit, isError: true }),
          error_type: "shell_execute_error",
          error: `Command exited with code: ${call.exit}`,
        }),
  };
}
