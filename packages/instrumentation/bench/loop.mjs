// An agent loop whose model answers at once, in the same process: one tool call per round.
import OpenAI from "openai";

const rounds = Number(process.env["ROUNDS"]);
const warmUpRounds = 1_024;
let answered = 0;

/** A response with one call of about 200 bytes, as the network would bring it. */
async function answer() {
  answered += 1;
  const call = {
    id: `call_${answered}`,
    type: "function",
    function: {
      name: "run_command",
      arguments: JSON.stringify({ command: "grep -rn greet src test --include=*.js | head -20" }),
    },
  };
  const body = {
    id: `chatcmpl-${answered}`,
    object: "chat.completion",
    created: 1,
    model: "gpt-5.5",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "I will search for the uses first.",
          tool_calls: [call],
        },
        finish_reason: "tool_calls",
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
  const headers = { "content-type": "application/json" };
  return new Response(JSON.stringify(body), { headers });
}

const client = new OpenAI({ apiKey: "x", baseURL: "http://127.0.0.1:1/v1", fetch: answer });
const result = "src/greet.js:1:export function greet(name) {\n".repeat(24);
const system = { role: "system", content: "You are a coding agent." };
let messages = [system, { role: "user", content: "Find the uses of greet." }];

async function round() {
  const { choices } = await client.chat.completions.create({ model: "gpt-5.5", messages });
  const { message } = choices[0];
  const results = message.tool_calls.map(({ id }) => ({
    role: "tool",
    tool_call_id: id,
    content: result,
  }));
  // A short history: what is measured is us, not the growth of a conversation.
  messages = [messages[0], messages[1], message, ...results];
}

/**
 * Rounds in segments: a segment in which nothing else wanted the processor is short. Each is as long
 * as two batches of spans, so that none escapes the cost of encoding and sending.
 */
const segmentRounds = 128;
const segments = [];

async function segment() {
  const startedNs = process.hrtime.bigint();
  for (let at = 0; at < segmentRounds; at += 1) {
    await round();
    // An agent waits for its model and its tools; here is where timers and sockets, ours too, run.
    await new Promise((next) => setImmediate(next));
  }
  return Number(process.hrtime.bigint() - startedNs) / 1_000 / segmentRounds;
}

for (let at = 0; at < warmUpRounds; at += segmentRounds) await segment();
const before = process.cpuUsage();
for (let at = 0; at < rounds; at += segmentRounds) segments.push(await segment());
const { user, system: kernel } = process.cpuUsage(before);
segments.sort((a, b) => a - b);
const quiet_us = segments[Math.floor(segments.length / 10)];
process.stdout.write(`${JSON.stringify({ quiet_us, cpu_us: (user + kernel) / rounds })}\n`);
