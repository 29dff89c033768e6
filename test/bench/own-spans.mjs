import { hash } from "node:crypto";
import { attributes, encode, nanosOf } from "./otlp-messages.mjs";
import { createRandom, path, secret, text, word } from "./random.mjs";

/** @typedef {import("./random.mjs").Random} Random */

const spansPerBody = 500;
const excerptCharsMax = 2_048;
const models = ["gpt-5.5", "gpt-5.5-mini", "claude-opus-5", "gemini-3-pro"];
const tools = /** @type {const} */ ([
  ["run_command", "exec"],
  ["read_file", "fs"],
  ["write_file", "fs"],
  ["apply_patch", "fs"],
  ["fetch_url", "net"],
  ["git_commit", "vcs"],
]);

/**
 * Bodies of `count` spans in the form that `@custody/instrumentation` documents, content captured: sessions of turns, and in each turn
 * inferences, decisions, approvals, attempts and observations, each with its own ids and texts. A body is what one agent's exporter or
 * a gateway batches: 500 spans of one process.
 *
 * @param {{ readonly count: number, readonly seed: number }} input
 * @returns {readonly Buffer[]}
 */
export function ownSpanBodies({ count, seed }) {
  const random = createRandom(seed);
  const bodies = [];
  let at = Date.now() - 3_600_000;
  for (let left = count; left > 0; left -= spansPerBody) {
    const agent = newAgent(random);
    const spans = [];
    const wanted = Math.min(left, spansPerBody);
    while (spans.length < wanted) {
      const session = new Session(random, agent, at);
      spans.push(...session.spans(wanted - spans.length));
      at = session.at;
    }
    bodies.push(bodyOf(agent, spans));
  }
  return bodies;
}

/** @param {Random} random */
function newAgent(random) {
  const name = `agent-${random.whole(1, 40)}`;
  const host = `build-${random.whole(1, 400)}`;
  return {
    version: `1.${random.whole(0, 9)}.${random.whole(0, 30)}`,
    epoch: random.hex(16),
    pid: random.whole(100, 60_000),
    source: `${name}@${host}`,
    name,
    seq: 0,
  };
}

/** @typedef {ReturnType<typeof newAgent>} Agent */

/** @param {Agent} agent @param {readonly object[]} spans */
function bodyOf(agent, spans) {
  const resource = {
    attributes: attributes({
      "service.name": agent.name,
      "service.instance.id": `${agent.source}:${agent.pid}`,
      "process.pid": agent.pid,
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "opentelemetry",
      "telemetry.sdk.version": "2.2.0",
      "telemetry.distro.name": "custody",
      "telemetry.distro.version": "0.1.0",
      "service.version": agent.version,
    }),
  };
  const scope = { name: "@custody/instrumentation", version: "0.1.0" };
  return encode("traces", { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] });
}

class Session {
  at;
  #random;
  #agent;
  #id;
  #trace;
  #root;
  #model;
  /** @type {object[]} */
  #spans = [];

  /** @param {Random} random @param {Agent} agent @param {number} at */
  constructor(random, agent, at) {
    const { hex } = random;
    this.#random = random;
    this.#agent = agent;
    this.#id = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
    this.#trace = Buffer.from(hex(32), "hex");
    this.#model = random.pick(models);
    this.at = at;
    this.#root = this.#span("session", `session ${agent.name}`, undefined, {
      "custody.session.event": "start",
      "custody.session.workspace": `/home/dev/${word(random)}`,
    });
  }

  /** At most `wanted` spans: what an exporter cut off comes in nobody's body. @param {number} wanted */
  spans(wanted) {
    for (let turns = this.#random.whole(1, 4); turns > 0 && this.#spans.length < wanted; turns--) {
      this.#turn();
    }
    this.#span("session", `session ${this.#agent.name}`, this.#root, {
      "custody.session.event": "end",
      "custody.session.end_reason": "exit",
    });
    return this.#spans.slice(0, wanted);
  }

  #turn() {
    const random = this.#random;
    const prompt = text(random, random.whole(200, 4_000, 2));
    const turn = this.#newId();
    this.#span("turn", `invoke_agent ${this.#agent.name}`, this.#root, {
      id: turn,
      durationMs: random.whole(2_000, 60_000),
      "gen_ai.operation.name": "invoke_agent",
      "custody.turn.id": turn.toString("hex"),
      "gen_ai.input.messages": message("user", prompt),
      "custody.content": "captured",
    });
    const steps = random.whole(2, 8);
    for (let step = 0; step < steps; step++) this.#step(turn, step === 0 ? prompt : undefined);
  }

  /** One inference, and what came of the calls it decided. Only new messages are kept. @param {Buffer} turn @param {string | undefined} prompt */
  #step(turn, prompt) {
    const random = this.#random;
    const model = this.#model;
    const said = text(random, random.whole(60, 1_500, 2));
    const place = { "custody.turn.id": turn.toString("hex") };
    const input = random.whole(500, 60_000, 2);
    const inference = this.#span("inference", `chat ${model}`, turn, {
      durationMs: random.whole(200, 9_000),
      kind: 3,
      ...place,
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": model,
      "gen_ai.request.stream": true,
      "gen_ai.input.messages": prompt === undefined ? undefined : message("user", prompt),
      "custody.content": "captured",
      "server.address": "api.example.org",
      "server.port": 443,
      "gen_ai.output.messages": message("assistant", said),
      "gen_ai.response.id": `resp_${random.hex(24)}`,
      "gen_ai.response.model": model,
      "gen_ai.response.finish_reasons": '["tool_calls"]',
      "gen_ai.response.time_to_first_chunk": random.whole(80, 900) / 1_000,
      "gen_ai.usage.input_tokens": input,
      "gen_ai.usage.cache_read.input_tokens": Math.floor(input * random.next()),
      "gen_ai.usage.output_tokens": random.whole(20, 1_500),
      "gen_ai.usage.reasoning.output_tokens": random.whole(0, 400),
    });
    for (let calls = random.whole(1, 2, 2); calls > 0; calls--) {
      this.#call(turn, inference, said, place);
    }
  }

  /** @param {Buffer} turn @param {Buffer} inference @param {string} reason @param {Record<string, string>} place */
  #call(turn, inference, reason, place) {
    const random = this.#random;
    const [tool, kind] = random.pick(tools);
    const call = `call_${random.hex(24)}`;
    const identity = {
      ...place,
      "custody.call.id": call,
      "gen_ai.tool.call.id": call,
      "gen_ai.tool.name": tool,
    };
    const args = argumentsOf(random, kind);
    const result = text(random, random.whole(100, 6_500, 2));
    const decision = this.#span("decision", `decide ${tool}`, inference, {
      ...identity,
      "gen_ai.tool.call.arguments": args,
      "custody.decision.reason": reason,
      "custody.content": "captured",
    });
    const denied = random.chance(0.05);
    if (random.chance(0.6)) this.#approval(decision, tool, identity, denied);
    const failed = random.chance(0.1);
    const attempt = this.#span("tool_call", `execute_tool ${tool}`, turn, {
      durationMs: random.whole(5, 20_000, 3),
      "gen_ai.operation.name": "execute_tool",
      ...identity,
      "custody.tool.kind": kind,
      "gen_ai.tool.call.arguments": args,
      "gen_ai.tool.call.result": result,
      "custody.content": "captured",
      "custody.tool.status": denied ? "denied" : "executed",
      "custody.tool.success": denied ? undefined : !failed,
      "custody.tool.exit_code": denied ? undefined : failed ? 1 : 0,
    });
    this.#span("observation", `observe ${tool}`, attempt, {
      ...identity,
      "custody.observation.bytes": Buffer.byteLength(result),
      "custody.observation.digest": `sha256:${hash("sha256", result, "hex")}`,
      "custody.observation.trust": kind === "net" ? "web" : "tool_output",
      "custody.observation.excerpt": result.slice(0, excerptCharsMax),
      "custody.content": "captured",
    });
  }

  /** @param {Buffer} decision @param {string} tool @param {Record<string, string>} identity @param {boolean} denied */
  #approval(decision, tool, identity, denied) {
    const random = this.#random;
    const verdict = denied ? "deny" : "allow";
    const by = random.pick(["policy", "policy", "hook", "human"]);
    this.#span("approval", `approve ${tool}`, decision, {
      "custody.approval.by": by,
      "custody.approval.scope": random.pick(["once", "once", "session"]),
      ...identity,
      "custody.approval.verdict": verdict,
      "custody.approval.approver":
        by === "human" ? `person-${random.whole(1, 60)}@example.org` : undefined,
      "custody.approval.raw": `${verdict}/${by}`,
    });
  }

  #newId() {
    return Buffer.from(this.#random.hex(16), "hex");
  }

  /** @param {string} kind @param {string} name @param {Buffer | undefined} parent @param {Record<string, unknown>} given */
  #span(kind, name, parent, { id = this.#newId(), durationMs = 0, kind: spanKind = 1, ...more }) {
    const { epoch, source, name: agent, version } = this.#agent;
    this.at += this.#random.whole(1, 40);
    this.#spans.push({
      traceId: this.#trace,
      spanId: id,
      ...(parent === undefined ? {} : { parentSpanId: parent }),
      name,
      kind: spanKind,
      startTimeUnixNano: nanosOf(this.at, this.#random.whole(0, 999_999)),
      endTimeUnixNano: nanosOf(this.at + durationMs, 999_999),
      attributes: attributes({
        "custody.span.kind": kind,
        "custody.session.id": this.#id,
        "gen_ai.conversation.id": this.#id,
        "custody.src.id": source,
        "custody.src.epoch": epoch,
        "gen_ai.agent.name": agent,
        "gen_ai.agent.version": version,
        "custody.src.seq": this.#agent.seq++,
        ...more,
      }),
      status: {},
      flags: 257,
    });
    return id;
  }
}

/** @param {string} role @param {string} content */
function message(role, content) {
  return JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
}

/** @param {Random} random @param {string} kind */
function argumentsOf(random, kind) {
  const file = path(random);
  const token = random.chance(0.01) ? ` GITHUB_TOKEN=${secret(random)}` : "";
  const forms = {
    exec: () => ({
      cmd: `cd ${word(random)} &&${token} npm run ${word(random)} -- ${file}`,
      timeout_ms: 30_000,
    }),
    net: () => ({ url: `https://${word(random)}.example.org/${word(random)}/${random.hex(8)}` }),
    vcs: () => ({ message: text(random, random.whole(30, 300)), files: [file, path(random)] }),
    fs: () => ({ path: file, content: text(random, random.whole(50, 3_000, 2)) }),
  };
  return JSON.stringify((forms[kind] ?? forms.fs)());
}
