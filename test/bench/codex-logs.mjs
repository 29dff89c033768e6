import { readdirSync, readFileSync } from "node:fs";
import { encode, messages, nanosOf } from "./otlp-messages.mjs";
import { createRandom, text } from "./random.mjs";

const folder = new URL("../fixtures/captures/codex/tool-edit/", import.meta.url);
const recordsPerBody = 500;

/**
 * Bodies of `count` log records: one captured session of Codex over and over, each time with its own conversation, call ids, times,
 * prompt, arguments and outputs. Most of what Codex logs is progress of a stream, which the collector counts and does not keep.
 *
 * @param {{ readonly count: number, readonly seed: number }} input
 * @returns {readonly Buffer[]}
 */
export function codexLogBodies({ count, seed }) {
  const random = createRandom(seed);
  const { resource, records } = captured();
  const bodies = [];
  let waiting = [];
  let at = Date.now() - 3_600_000;
  for (let left = count; left > 0; ) {
    if (waiting.length === 0) {
      at += 10_000;
      waiting = records.map(variation(random, at));
    }
    const logRecords = [];
    const wanted = Math.min(left, recordsPerBody);
    while (logRecords.length < wanted) {
      if (waiting.length === 0) {
        at += 10_000;
        waiting = records.map(variation(random, at));
      }
      logRecords.push(...waiting.splice(0, wanted - logRecords.length));
    }
    left -= wanted;
    const scopeLogs = [{ scope: { name: "codex_otel.log_only" }, logRecords }];
    bodies.push(encode("logs", { resourceLogs: [{ resource, scopeLogs }] }));
  }
  return bodies;
}

/** The log records of the captured session in their order. */
function captured() {
  const requests = readdirSync(folder)
    .filter((name) => name.endsWith("-logs.pb"))
    .sort()
    .map((name) => messages.logs.decode(readFileSync(new URL(name, folder))));
  const groups = requests.flatMap((request) => messages.logs.toObject(request).resourceLogs);
  const records = groups.flatMap(({ scopeLogs }) => scopeLogs.flatMap((one) => one.logRecords));
  return { resource: groups[0].resource, records };
}

/** @param {import("./random.mjs").Random} random @param {number} at */
function variation(random, at) {
  const { hex } = random;
  const conversation = `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  const calls = new Map();
  const callId = (known) => {
    if (!calls.has(known)) calls.set(known, `call_${hex(24)}`);
    return calls.get(known);
  };
  const written = {
    "conversation.id": () => conversation,
    call_id: callId,
    prompt: () => text(random, random.whole(40, 1_200, 2)),
    arguments: () => JSON.stringify({ cmd: text(random, random.whole(30, 1_500, 2)) }),
    output: () => text(random, random.whole(100, 4_000, 2)),
  };
  return (record, index) => {
    const ms = at + index * 3;
    const time = nanosOf(ms, random.whole(0, 999_999));
    const attributes = (record.attributes ?? []).map(({ key, value }) => {
      if (key === "event.timestamp")
        return { key, value: { stringValue: new Date(ms).toISOString() } };
      const vary = value.stringValue === undefined ? undefined : written[key];
      return vary === undefined
        ? { key, value }
        : { key, value: { stringValue: vary(value.stringValue) } };
    });
    return { ...record, observedTimeUnixNano: time, attributes };
  };
}
