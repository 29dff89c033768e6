import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { BasicTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { startNodeSdk } from "./node-sdk.ts";
import { readSettings } from "./settings.ts";

function keeper() {
  const names: string[] = [];
  const done = async () => undefined;
  const onEnd = (span: ReadableSpan) => void names.push(span.name);
  return { names, processor: { onStart() {}, onEnd, forceFlush: done, shutdown: done } };
}

test("our SDK takes our spans alone, and an SDK that the agent starts later takes the agent's", () => {
  const early = trace.getTracer("agent");
  const ours = keeper();
  const environment = JSON.stringify(process.env);
  const tracer = startNodeSdk(readSettings({}, undefined), ours.processor);
  expect(JSON.stringify(process.env)).toBe(environment);
  tracer.startSpan("ours", {}, ROOT_CONTEXT).end();
  const unheard = early.startSpan("before any SDK of the agent");
  expect(unheard.isRecording()).toBe(false);
  unheard.end();
  const theirs = keeper();
  const agents = new BasicTracerProvider({ spanProcessors: [theirs.processor] });
  expect(trace.setGlobalTracerProvider(agents)).toBe(true);
  early.startSpan("from an early tracer").end();
  trace.getTracer("agent").startSpan("from a late tracer").end();
  tracer.startSpan("ours again", {}, ROOT_CONTEXT).end();
  expect(ours.names).toEqual(["ours", "ours again"]);
  expect(theirs.names).toEqual(["from an early tracer", "from a late tracer"]);
});
