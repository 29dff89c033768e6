import {
  BasicTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import type { PostVerdict } from "./http-answer.ts";
import { createNotices } from "./notice.ts";
import { createOutbox } from "./outbox.ts";

const bounds = { queueSpansMax: 8, queueCharsMax: 1_000, batchSpansMax: 4, sendDelayMs: 5 };

/** A span as an SDK ends it. */
function span(name: string, content = ""): ReadableSpan {
  const ended: ReadableSpan[] = [];
  const keep: SpanProcessor = {
    onStart() {},
    onEnd: (one) => ended.push(one),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const provider = new BasicTracerProvider({ spanProcessors: [keep] });
  provider.getTracer("test").startSpan(name, { attributes: { content } }).end();
  const [one] = ended;
  if (one === undefined) throw new Error("the SDK gave no span");
  return one;
}

const taken: PostVerdict = { outcome: "taken", answer: "" };
const refused = (status: number): PostVerdict => ({
  outcome: "refused",
  status,
  retryAfterMs: undefined,
});

/** An outbox whose collector is the function given; keeps what it was sent, batch by batch. */
function outboxTo(collector: (names: readonly string[], request: number) => PostVerdict) {
  const batches: string[][] = [];
  const said: string[] = [];
  const sender = {
    request: () => undefined,
    send: async (spans: readonly ReadableSpan[]) => {
      const names = spans.map(({ name }) => name);
      batches.push(names);
      return collector(names, batches.length);
    },
  };
  const notices = createNotices(false, (line) => said.push(line));
  const undelivered = (verdict: PostVerdict) => notices.once("undelivered", verdict.outcome);
  return { outbox: createOutbox({ sender, notices, undelivered }, bounds), batches, said };
}

async function untilEmpty(outbox: ReturnType<typeof outboxTo>["outbox"]): Promise<void> {
  while (outbox.unsent().length > 0) await new Promise((done) => setTimeout(done, 5));
}

test("spans leave in their order, in batches of at most the limit", async () => {
  const { outbox, batches } = outboxTo(() => taken);
  for (const name of ["a", "b", "c", "d", "e", "f"]) outbox.push(span(name));
  await outbox.drain();
  expect(batches).toEqual([
    ["a", "b", "c", "d"],
    ["e", "f"],
  ]);
});

test("a batch that did not get through is sent again, and nothing overtakes it", async () => {
  const { outbox, batches, said } = outboxTo((_, request) =>
    request <= 2 ? { outcome: "unreachable", reason: "ECONNREFUSED" } : taken,
  );
  outbox.push(span("a"));
  outbox.push(span("b"));
  expect(outbox.unsent()).toHaveLength(2);
  await untilEmpty(outbox);
  expect(batches).toEqual([
    ["a", "b"],
    ["a", "b"],
    ["a", "b"],
  ]);
  expect(said).toEqual(["custody: unreachable\n"]);
});

test("a batch that is too large is halved, and a span the collector will never take does not hold up the others", async () => {
  const { outbox, batches } = outboxTo((names) => (names.includes("bad") ? refused(413) : taken));
  for (const name of ["a", "b", "bad", "c"]) outbox.push(span(name));
  await untilEmpty(outbox);
  expect(batches).toEqual([["a", "b", "bad", "c"], ["a", "b"], ["bad", "c"], ["bad"], ["c"]]);
});

test("a full queue drops the newest and says so once", () => {
  const { outbox, said } = outboxTo(() => taken);
  for (let at = 0; at < 12; at += 1) outbox.push(span(String(at)));
  expect(outbox.unsent().map(({ name }) => name)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("will show as gaps");
});

test("large contents fill the queue before its count does, and make room again once taken", async () => {
  const { outbox } = outboxTo(() => taken);
  for (const name of ["a", "b", "c"]) outbox.push(span(name, "x".repeat(400)));
  expect(outbox.unsent().map(({ name }) => name)).toEqual(["a", "b"]);
  await outbox.drain();
  outbox.push(span("d", "x".repeat(400)));
  expect(outbox.unsent().map(({ name }) => name)).toEqual(["d"]);
});
