import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Session } from "chdb";
import fastify from "fastify";
import { messages } from "../otlp-messages.mjs";
import { answerQuestions, createUsage } from "./questions.mjs";

/**
 * The obvious pipeline: Fastify, protobufjs, one JSONEachRow insert a request into one flat table, 200 when the engine has it. It gets
 * everything easy: no redaction, no commitments, no ledger, no journal, no fsync, no index, no window of duplicates; one SHA-256 a row
 * over its JSON, as somebody who wants tamper evidence would begin.
 */
const usage = createUsage();
const ddl = readFileSync(new URL("naive.sql", import.meta.url), "utf8");
let session;
let app;

const columns = new Map([
  ["session.id", "session"],
  ["gen_ai.conversation.id", "session"],
  ["conversation.id", "session"],
  ["custody.turn.id", "turn"],
  ["gen_ai.tool.call.id", "call"],
  ["call_id", "call"],
  ["custody.span.kind", "kind"],
  ["event.name", "kind"],
  ["gen_ai.agent.name", "agent"],
  ["gen_ai.agent.version", "agent_version"],
  ["gen_ai.request.model", "model"],
  ["model", "model"],
  ["gen_ai.tool.name", "tool"],
  ["tool_name", "tool"],
  ["custody.tool.status", "tool_status"],
  ["custody.approval.verdict", "verdict"],
  ["decision", "verdict"],
  ["gen_ai.usage.input_tokens", "input_tokens"],
  ["gen_ai.usage.output_tokens", "output_tokens"],
  ["gen_ai.input.messages", "input"],
  ["gen_ai.tool.call.arguments", "input"],
  ["prompt", "input"],
  ["arguments", "input"],
  ["gen_ai.output.messages", "output"],
  ["gen_ai.tool.call.result", "output"],
  ["custody.observation.excerpt", "output"],
  ["output", "output"],
]);

function plain(value) {
  const { stringValue, intValue, doubleValue, boolValue } = value ?? {};
  return stringValue || (intValue ? Number(intValue) : (doubleValue ?? boolValue ?? ""));
}

/** Length of a fixed64 in digits is constant until 2286, so the fraction is cut off as text. */
function timeOf(nanos) {
  const text = nanos.toString();
  return text === "0" ? "0" : `${text.slice(0, -9)}.${text.slice(-9)}`;
}

const hexOf = (bytes) => Buffer.from(bytes ?? []).toString("hex");

function rowOf(item, resource, fixed) {
  const row = { ...fixed, resource, attributes: {} };
  for (const { key, value } of item.attributes) {
    const column = columns.get(key);
    if (column === undefined) row.attributes[key] = String(plain(value));
    else row[column] = plain(value);
  }
  return row;
}

function spanRow(span, resource) {
  return rowOf(span, resource, {
    trace: hexOf(span.traceId),
    span: hexOf(span.spanId),
    parent: hexOf(span.parentSpanId),
    name: span.name,
    span_kind: span.kind,
    status: span.status?.code ?? 0,
    start: timeOf(span.startTimeUnixNano),
    end: timeOf(span.endTimeUnixNano),
  });
}

function logRow(log, resource) {
  const time = timeOf(log.observedTimeUnixNano);
  return rowOf(log, resource, { name: log.eventName, start: time, end: time });
}

function rowsOf(signal, bytes) {
  const request = messages[signal].decode(bytes);
  const groups = request.resourceSpans ?? request.resourceLogs ?? [];
  return groups.flatMap(({ resource, scopeSpans, scopeLogs }) => {
    const about = Object.fromEntries(
      (resource?.attributes ?? []).map(({ key, value }) => [key, String(plain(value))]),
    );
    return (scopeSpans ?? scopeLogs ?? []).flatMap(({ spans, logRecords }) =>
      spans === undefined
        ? logRecords.map((log) => logRow(log, about))
        : spans.map((span) => spanRow(span, about)),
    );
  });
}

async function open({ dir }) {
  session = new Session(dir, { connectionArgs: ["--max_server_memory_usage=1000000000"] });
  session.query("SET async_insert = 0");
  session.query(ddl);
  app = fastify({ bodyLimit: 67_108_864 });
  app.addContentTypeParser(
    "application/x-protobuf",
    { parseAs: "buffer" },
    (_request, body, done) => done(null, body),
  );
  for (const signal of ["traces", "logs"]) {
    app.post(`/v1/${signal}`, async (request, reply) => {
      let lines = "";
      for (const row of rowsOf(signal, request.body)) {
        row.digest = hash("sha256", JSON.stringify(row), "hex");
        lines += `${JSON.stringify(row)}\n`;
      }
      await session.insert({ table: "spans", format: "JSONEachRow", values: Buffer.from(lines) });
      return reply.type("application/x-protobuf").send(Buffer.alloc(0));
    });
  }
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }) };
}

answerQuestions({
  open,
  mark() {
    usage.mark();
    return {};
  },
  drained: () => usage.read(),
  async close() {
    const { rssPeakBytes } = usage.read();
    await app.close();
    const count = JSON.parse(
      session.query(
        "SELECT toUInt32(count()) AS rows, uniqExact(digest) = rows AS distinct_rows FROM spans",
        "JSONEachRow",
      ),
    );
    const disk = JSON.parse(
      session.query(
        "SELECT toUInt32(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND table = 'spans'",
        "JSONEachRow",
      ),
    );
    session.close();
    return { rssPeakBytes, rows: count.rows, diskBytes: disk.bytes };
  },
});
