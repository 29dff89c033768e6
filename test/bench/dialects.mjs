// `npm run bench:dialects`: what each agent's words cost to read, beside each other in one run.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { normaliseItem } from "@custody/dialects";
import { decodeOtlp } from "@custody/otlp";
import { encodeJson } from "./otlp-messages.mjs";
import { median } from "./report.mjs";

const help = `Usage: npm run bench:dialects -- [options]

Reads the captures of every agent, as OTLP protobuf whatever they were sent as, through decoder and dialect, agent after agent in every
round. Only items that become records are read: how much noise an agent sends says nothing about its dialect. Prints records a second and
the ratio to the fastest. Needs a build (npx tsc --build packages/dialects).

  --rounds N   rounds, each with every agent in it (default 9)
  --ms N       milliseconds an agent is read for in a round (default 150)
  --help

Example: npm run bench:dialects -- --rounds 5
`;

const signals = { span: "traces", log: "logs", metric: "metrics" };
const lists = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
};

/** Bodies of all scenarios of an agent. @param {URL} home */
function* bodiesOf(home) {
  for (const scenario of readdirSync(home)) {
    const list = new URL(`${scenario}/requests.json`, home);
    if (!existsSync(list)) continue;
    for (const { signal, body, bodyEncoding } of JSON.parse(readFileSync(list, "utf8"))) {
      const stored = readFileSync(new URL(`${scenario}/${body}`, home));
      if (!(signal in lists)) continue;
      yield {
        signal,
        encoding: bodyEncoding,
        bytes: body.endsWith(".gz") ? gunzipSync(stored) : stored,
      };
    }
  }
}

/** One request a signal that holds each speaking item of an agent once, under its resource and scope. @param {URL} home */
function requestsOf(home) {
  const found = { traces: [], logs: [] };
  for (const { signal, encoding, bytes } of bodiesOf(home)) {
    const answer = decodeOtlp(signal, encoding, new Uint8Array(bytes));
    if (answer.outcome !== "ok") throw new Error(`${answer.reason} at ${answer.position}`);
    for (const item of answer.items) {
      let facts = 0;
      normaliseItem(item, { fact: () => facts++, noise: () => undefined, drift: () => undefined });
      if (facts > 0) found[signals[item.signal]].push(JSON.parse(item.json()));
    }
  }
  return Object.entries(found).flatMap(([signal, items]) =>
    items.length === 0
      ? []
      : [{ signal, bytes: new Uint8Array(encodeJson(signal, merged(signal, items))) }],
  );
}

/** Items that stand under equal surroundings stand together. */
function merged(signal, items) {
  const [resources, scopes, own] = lists[signal];
  const groups = new Map();
  for (const request of items) {
    const place = request[resources][0];
    const scope = place[scopes][0];
    const key = JSON.stringify([place.resource, scope.scope]);
    const group = groups.get(key) ?? { ...place, [scopes]: [{ ...scope, [own]: [] }] };
    group[scopes][0][own].push(...scope[own]);
    groups.set(key, group);
  }
  return { [resources]: [...groups.values()] };
}

/** Reads all requests of an agent once. */
function read(requests) {
  let records = 0;
  let items = 0;
  const sink = { fact: () => records++, noise: () => undefined, drift: () => undefined };
  for (const { signal, bytes } of requests) {
    const answer = decodeOtlp(signal, "protobuf", bytes);
    for (const item of answer.items) {
      normaliseItem(item, sink);
      items++;
    }
  }
  return { records, items };
}

function timed(requests, ms) {
  const before = performance.now();
  let records = 0;
  let items = 0;
  for (;;) {
    const once = read(requests);
    records += once.records;
    items += once.items;
    const spent = performance.now() - before;
    if (spent >= ms) return { records: records / spent, items: items / spent };
  }
}

const whole = (name, text) => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new TypeError(`--${name} is a whole number`);
};

function run({ rounds, ms }) {
  const captures = new URL("../fixtures/captures/", import.meta.url);
  const agents = readdirSync(captures).flatMap((agent) => {
    const home = new URL(`${agent}/`, captures);
    if (!existsSync(new URL("expected.json", home))) return [];
    const requests = requestsOf(home);
    return requests.length === 0 ? [] : [{ agent, requests, rates: [] }];
  });
  for (const { requests } of agents) timed(requests, ms);
  for (let round = 0; round < rounds; round++) {
    for (const { requests, rates } of agents) rates.push(timed(requests, ms));
  }
  const rows = agents.map(({ agent, requests, rates }) => ({
    agent,
    records: median(rates.map((rate) => rate.records)),
    items: median(rates.map((rate) => rate.items)),
    bytes: requests.reduce((sum, { bytes }) => sum + bytes.length, 0) / read(requests).items,
  }));
  const fastest = Math.max(...rows.map(({ records }) => records));
  rows.sort((left, right) => right.records - left.records);
  process.stdout.write(
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}, ${rounds} rounds\n\n`,
  );
  process.stdout.write(
    "| captures of | records/s | OTLP items/s | bytes an item | records/s to the fastest |\n|---|---:|---:|---:|---:|\n",
  );
  for (const { agent, records, items, bytes } of rows) {
    const cells = [
      agent,
      `${records.toFixed(0)} k`,
      `${items.toFixed(0)} k`,
      bytes.toFixed(0),
      (records / fastest).toFixed(2),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  }
}

try {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      ms: { type: "string", default: "150" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(help);
  else run({ rounds: whole("rounds", values.rounds), ms: whole("ms", values.ms) });
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stdout.write(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
