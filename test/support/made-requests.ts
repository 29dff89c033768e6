import { gzipSync } from "node:zlib";
import type { Random } from "./random.ts";

/** One tool call as a generated request states it: ground truth for what must be read back. */
export interface MadeCall {
  readonly session: string;
  readonly call: string;
  readonly arguments: string;
  readonly output: string;
  /** The class and path under which the dialect keeps the output. */
  readonly outputAt: "observation/content" | "tool_call/output";
}

/** An OTLP request in JSON, and the calls in it. No two requests share a session, a call or a text. */
export interface MadeRequest {
  readonly path: "/v1/logs" | "/v1/traces";
  readonly body: string;
  /** The body as it is sent, where it is compressed. */
  readonly gzip?: Buffer;
  readonly calls: readonly MadeCall[];
}

/** The same request compressed: text that repeats itself shrinks to a thousandth. */
export function compressed(made: MadeRequest): MadeRequest {
  return { ...made, gzip: gzipSync(made.body) };
}

/** A request as Codex logs it or as our own instrumentation spans it. */
export function makeRequest(
  random: Random,
  { outputChars = 400, callsMax = 6 }: { outputChars?: number; callsMax?: number } = {},
): MadeRequest {
  const codex = random.next() < 0.5;
  const session = `s-${random.hex(24)}`;
  const calls = Array.from({ length: random.whole(1, callsMax) }, (): MadeCall => {
    const call = `call_${random.hex(24)}`;
    return {
      session,
      call,
      arguments: JSON.stringify({ cmd: `echo ${random.hex(16)}` }),
      output: `${call} said ${"ä line, ".repeat(random.whole(0, outputChars / 8))}${random.hex(16)}`,
      outputAt: codex ? "observation/content" : "tool_call/output",
    };
  });
  return codex
    ? { path: "/v1/logs", body: JSON.stringify(codexLogs(session, calls)), calls }
    : { path: "/v1/traces", body: JSON.stringify(ownSpans(session, calls, random)), calls };
}

function attributes(values: Readonly<Record<string, string | boolean>>): readonly unknown[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "boolean" ? { boolValue: value } : { stringValue: value },
  }));
}

function codexLogs(session: string, calls: readonly MadeCall[]): unknown {
  const common = {
    "event.timestamp": new Date().toISOString(),
    "conversation.id": session,
    "app.version": "0.169.0",
  };
  const logRecords = calls.map((made) => ({
    attributes: attributes({
      ...common,
      "event.name": "codex.tool_result",
      tool_name: "exec_command",
      call_id: made.call,
      arguments: made.arguments,
      output: made.output,
      success: true,
    }),
  }));
  const resource = { attributes: attributes({ "service.name": "codex_exec" }) };
  const scopeLogs = [{ scope: { name: "codex_otel.log_only" }, logRecords }];
  return { resourceLogs: [{ resource, scopeLogs }] };
}

function ownSpans(session: string, calls: readonly MadeCall[], random: Random): unknown {
  const traceId = random.hex(32);
  const now = `${BigInt(Date.now()) * 1_000_000n}`;
  const spans = calls.map((made) => ({
    traceId,
    spanId: random.hex(16),
    name: "execute_tool shell",
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes: attributes({
      "custody.span.kind": "tool_call",
      "custody.session.id": session,
      "custody.call.id": made.call,
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "shell",
      "gen_ai.tool.call.id": made.call,
      "gen_ai.tool.call.arguments": made.arguments,
      "gen_ai.tool.call.result": made.output,
      "custody.tool.status": "executed",
      "custody.tool.success": true,
      "custody.content": "captured",
    }),
  }));
  const resource = { attributes: attributes({ "service.name": "made" }) };
  const scopeSpans = [{ scope: { name: "@custody/instrumentation", version: "0.1.0" }, spans }];
  return { resourceSpans: [{ resource, scopeSpans }] };
}
