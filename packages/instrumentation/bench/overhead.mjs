// What the one import costs an agent's thread, per span, with a model that answers in 0 ms.
// Usage: node packages/instrumentation/bench/overhead.mjs   (after a build; about half a minute)
// "quiet": time on the clock per round, in the tenth of 128-round segments that other processes disturbed
// least; "cpu": processor time per round of all threads (garbage collector, compiler), disturbances included.
// Each pair runs the same loop in two processes, without and with the import; a third takes the spans.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const loop = fileURLToPath(new URL("loop.mjs", import.meta.url));
const sink = fileURLToPath(new URL("sink.mjs", import.meta.url));
const register = new URL("../dist/register.js", import.meta.url).href;
const pairs = 5;
const rounds = 5_120;
/** An inference, a decision, a tool call and an observation. */
const spansPerRound = 4;

const receiver = spawn(process.execPath, [sink], { stdio: ["ignore", "pipe", "inherit"] });
const [port] = await once(receiver.stdout, "data");
const endpoint = `http://127.0.0.1:${String(port).trim()}`;

async function run(watched) {
  const args = watched ? ["--import", register, loop] : [loop];
  // No agent makes spans this fast: with the default queue some would be dropped, and cost nothing.
  const queue = { OTEL_BSP_MAX_QUEUE_SIZE: "40000" };
  const to = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  const env = { ...process.env, ...queue, ...to, ROUNDS: String(rounds) };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  await once(child, "exit");
  return JSON.parse(String(line));
}

const results = [];
for (let pair = 0; pair < pairs; pair += 1) {
  const plain = await run(false);
  const watched = await run(true);
  results.push({
    plain_quiet_us: plain.quiet_us,
    watched_quiet_us: watched.quiet_us,
    quiet_us_per_span: (watched.quiet_us - plain.quiet_us) / spansPerRound,
    plain_cpu_us: plain.cpu_us,
    watched_cpu_us: watched.cpu_us,
    cpu_us_per_span: (watched.cpu_us - plain.cpu_us) / spansPerRound,
  });
}
receiver.kill();

const median = (key) => results.map((one) => one[key]).sort((a, b) => a - b)[(pairs - 1) / 2];
const summary = Object.fromEntries(
  Object.keys(results[0]).map((key) => [key, Number(median(key).toFixed(1))]),
);
const machine = `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`;
process.stdout.write(`${JSON.stringify({ ...summary, pairs, rounds, machine })}\n`);
