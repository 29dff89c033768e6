import { parseArgs } from "node:util";

const help = `Usage: node test/bench/ingest.mjs [options]

OTLP bytes to acknowledged, and to queryable, beside the baselines, round by round in one run (design 9).
Needs a build (npx tsc --build packages/cli). Listens on loopback only; writes to a temporary folder and removes it.

  --rounds N        rounds, each with every contender in it (default 5)
  --spans N         spans, or log records, that are timed in a round (default 15000)
  --warmup N        the same, sent before the clock starts (default 4000)
  --connections N   requests in flight (default 8)
  --source WORD     own: spans of our instrumentation; codex: a captured session's logs, varied (default own)
  --seed N          of the generator (default 1)
  --only WORDS      contenders, comma separated, of custody,engine,journal,naive (default all)
  --profile         after the rounds, one more of Custody alone under --cpu-prof: where its main thread spends its time
  --json FILE       also write every number measured
  --help

Example: node test/bench/ingest.mjs --rounds 3 --spans 10000 --profile
`;

export const contenders = /** @type {const} */ (["custody", "engine", "journal", "naive"]);

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number} spans
 * @property {number} warmup
 * @property {number} connections
 * @property {"own" | "codex"} source
 * @property {number} seed
 * @property {ReadonlySet<string>} only
 * @property {boolean} profile
 * @property {string | undefined} json
 */

const numbers = /** @type {const} */ ({
  rounds: 5,
  spans: 15_000,
  warmup: 4_000,
  connections: 8,
  seed: 1,
});

/**
 * The options of a command line, or the text to print instead and the exit code.
 *
 * @param {string[]} args
 * @returns {Options | { readonly say: string, readonly code: number }}
 */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...Object.fromEntries(Object.keys(numbers).map((name) => [name, { type: "string" }])),
        source: { type: "string", default: "own" },
        only: { type: "string", default: contenders.join(",") },
        profile: { type: "boolean", default: false },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return { say: help, code: 0 };
    if (values.source !== "own" && values.source !== "codex") {
      throw new TypeError("--source is own or codex");
    }
    const only = new Set(["custody", ...values.only.split(",")]);
    for (const name of only) {
      if (!contenders.some((known) => known === name)) throw new TypeError(`no contender ${name}`);
    }
    const read = Object.fromEntries(
      Object.entries(numbers).map(([name, fallback]) => [
        name,
        count(name, values[name], fallback),
      ]),
    );
    return { ...read, source: values.source, only, profile: values.profile, json: values.json };
  } catch (error) {
    return { say: `${error instanceof Error ? error.message : error}\n\n${help}`, code: 2 };
  }
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} fallback
 */
function count(name, text, fallback) {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`--${name} is a whole number`);
  return value;
}
