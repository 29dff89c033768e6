import type { Chance } from "./chance.ts";
import { profiles } from "./company.ts";
import { wireCall } from "./wire-call.ts";
import type {
  Ask,
  Call,
  Confinement,
  Decision,
  Family,
  Flow,
  Incident,
  Merge,
  Seat,
  Session,
  Verb,
} from "./world.ts";

interface Doing {
  readonly ask?: Ask;
  readonly exit?: number;
  readonly ms?: number;
  /** How long whoever was asked took. */
  readonly waitMs?: number;
  readonly output?: string;
  /** It did not run although nobody refused it: what it needed was not there. */
  readonly fails?: boolean;
  readonly server?: string;
  readonly text?: string;
  readonly child?: string;
  /** Who else decided, in the channel: a person of T3, or whoever it was. */
  readonly decided?: { readonly by: string; readonly latencyMs?: number };
  /** Nobody was told in the channel, even where the agent cannot say who decided. */
  readonly unheard?: boolean;
}

type FlowTo = Partial<Omit<Flow, "id">> & { readonly host: string };

/** One session as it goes, told act by act. */
export interface Script {
  readonly session: Session;
  readonly seat: Seat;
  readonly chance: Chance;
  now(): number;
  wait(ms: number): void;
  turn(prompt: string): void;
  shell(command: string, doing?: Doing): Call;
  read(path: string, doing?: Doing): Call;
  write(path: string, text: string, doing?: Doing): Call;
  edit(path: string, text: string, doing?: Doing): Call;
  fetch(url: string, doing?: Doing): Call;
  mcp(server: string, tool: string, args: object, doing?: Doing): Call;
  spawn(message: string, child: string): Call;
  flow(to: FlowTo, of?: Call): Flow;
  decide(decision: Omit<Decision, "at"> & { readonly at?: number }): void;
  confine(is: Confinement["is"], body: Confinement["body"]): void;
  merge(body: Partial<Merge["body"]>): void;
  mode(to: string): void;
  wrong(
    family: Family,
    shape: string,
    what: string,
    calls?: readonly Call[],
    also?: readonly Family[],
  ): void;
  readonly truth: readonly Omit<Incident, "id">[];
}

const minute = 60_000;

export function openScript(seat: Seat, chance: Chance, startAt: number): Script {
  const session = newSession(seat, chance, startAt);
  const truth: Omit<Incident, "id">[] = [];
  let at = startAt;
  let sandboxes = 0;
  const wait = (ms: number): void => {
    at += Math.max(1, Math.round(ms));
    session.endAt = at;
  };
  const act = (verb: Verb, target: string, doing: Doing = {}): Call => {
    infer(session, chance, at);
    wait(chance.whole(1_500, 9_000));
    const call = doneCall({ verb, target, doing, at, chance });
    session.steps.push({ is: "call", call });
    const told = heard(seat, call, doing);
    if (told !== undefined) session.decisions.push(told);
    at = call.endAt;
    wait(chance.whole(40, 400));
    return call;
  };
  const confine: Script["confine"] = (is, body) => {
    const sandbox = `sbx-${seat.id}-${session.id.slice(0, 8)}`;
    session.confinement.push({ at: at + sandboxes++, sandbox, is, body });
  };
  confine("attested", attested(seat));
  return {
    session,
    seat,
    chance,
    truth,
    now: () => at,
    wait,
    turn(prompt) {
      session.steps.push({ is: "turn", id: chance.uuid(), at, prompt });
      wait(chance.whole(200, 900));
    },
    shell: (command, doing) => act("shell", command, doing),
    read: (path, doing) => act("read", path, doing),
    write: (path, text, doing) => act("write", path, { text, ...doing }),
    edit: (path, text, doing) => act("edit", path, { text, ...doing }),
    fetch: (url, doing) => act("fetch", url, { ask: "user-session", ...doing }),
    mcp: (server, tool, args, doing) =>
      act("mcp", tool, { server, text: JSON.stringify(args), ...doing }),
    spawn: (message, child) => act("spawn", message, { child }),
    flow(to, of) {
      const flow = flowOf(chance, session, to, of?.startAt ?? at);
      session.flows.push(flow);
      return flow;
    },
    decide: (decision) => session.decisions.push({ at, ...decision }),
    confine,
    merge: (body) => session.merges.push(mergeOf(chance, session, at, body)),
    mode: (to) => session.steps.push({ is: "mode", at, to }),
    wrong(family, shape, what, calls = [], also = []) {
      const day = new Date(at).toISOString().slice(0, 10);
      const named = calls.map((call) => wireCall(seat, call));
      truth.push({ family, shape, what, day, session: session.id, calls: named, also });
    },
  };
}

function newSession(seat: Seat, chance: Chance, startAt: number): Session {
  return {
    id: chance.uuid(),
    seat,
    startAt,
    endAt: startAt,
    steps: [],
    flows: [],
    decisions: [],
    confinement: [],
    merges: [],
    approvalMode: seat.headless ? headlessModes[seat.kind] : interactiveModes[seat.kind],
    sandboxMode: "workspace-write",
    servers: [],
    key: { method: "bearer", subject: seat.person },
    skewMs: seat.skewMs,
  };
}

const interactiveModes = {
  codex: "on-request",
  "claude-code": "default",
  "gemini-cli": "default",
  own: "",
  genai: "",
} as const;
/** Words under which nobody is asked: of pipelines, with a waiver. */
const headlessModes = {
  codex: "never",
  "claude-code": "bypassPermissions",
  "gemini-cli": "yolo",
  own: "",
  genai: "",
} as const;

function attested(seat: Seat): Confinement["body"] {
  const profile = seat.headless ? profiles.pipeline : profiles.standard;
  return {
    event: "start",
    profile: profile.name,
    mode: profile.mode,
    backend: seat.contained ? "docker" : "bubblewrap",
    config_digest: profile.config_digest,
    escapes_allowed: false,
    network: "proxy",
  };
}

interface Act {
  readonly verb: Verb;
  readonly target: string;
  readonly doing: Doing;
  readonly at: number;
  readonly chance: Chance;
}

const people: ReadonlySet<Ask> = new Set(["user", "user-session", "deny-user"]);

function doneCall({ verb, target, doing, at, chance }: Act): Call {
  const { ask = "auto", exit = 0, output = "", fails = false } = doing;
  const drawn = people.has(ask) ? chance.whole(2_500, 40_000) : chance.whole(2, 30);
  const waited = doing.waitMs ?? drawn;
  const decidedAt = at + waited;
  const ms = doing.ms ?? chance.whole(30, 2_400);
  const ran = !ask.startsWith("deny") && !fails;
  return {
    id: `call_${chance.hex(24)}`,
    verb,
    target,
    text: doing.text ?? "",
    ...(doing.server === undefined ? {} : { server: doing.server }),
    ...(doing.child === undefined ? {} : { child: doing.child }),
    ask,
    waitedMs: waited,
    decidedAt,
    startAt: decidedAt + 3,
    endAt: decidedAt + 3 + (ran ? ms : 1),
    ran,
    exit,
    output,
  };
}

/** Agents whose telemetry cannot say that a person decided: theirs are decided in the company's channel, and told by it. */
const mute: ReadonlySet<string> = new Set(["gemini-cli", "genai"]);

function heard(seat: Seat, call: Call, doing: Doing): Decision | undefined {
  const { decided, unheard = false } = doing;
  const isPerson = people.has(call.ask) && mute.has(seat.kind);
  if (unheard || (decided === undefined && !isPerson)) return undefined;
  const person = decided?.by ?? seat.person;
  const latency_ms = decided?.latencyMs ?? call.waitedMs;
  const verdict = call.ask === "deny-user" ? "deny" : "allow";
  const scope = call.ask === "user-session" ? "session" : "once";
  const body = { verdict, scope, latency_ms, requester: seat.person, channel: "approvals-desk" };
  return { person, at: call.decidedAt - 1, body: { ...body, call: wireCall(seat, call) } };
}

function infer(session: Session, chance: Chance, at: number): void {
  const input = chance.whole(1_200, 60_000);
  session.steps.push({ is: "infer", at, input, output: chance.whole(30, 1_400) });
  if (!session.seat.contained) return;
  const model = "api.anthropic.com";
  const flow = flowOf(chance, session, { host: model, path: "/v1/messages", method: "POST" }, at);
  session.flows.push({ ...flow, bytesOut: input * 4, bytesIn: 6_000 });
}

function flowOf(chance: Chance, session: Session, to: FlowTo, at: number): Flow {
  const isHeader = session.seat.watcher === "smokescreen";
  return {
    id: chance.hex(16),
    at: at + chance.whole(15, 25),
    ms: chance.whole(20, 300),
    port: 443,
    protocol: "https_connect",
    method: "CONNECT",
    path: "",
    action: "allowed",
    bytesOut: chance.whole(300, 2_000),
    bytesIn: chance.whole(800, 60_000),
    seen: "proxy",
    ...(isHeader ? {} : { session: session.id }),
    ...to,
  };
}

function mergeOf(
  chance: Chance,
  session: Session,
  at: number,
  body: Partial<Merge["body"]>,
): Merge {
  const mergedAt = at + chance.whole(20, 180) * minute;
  return {
    at: mergedAt,
    session: session.id,
    body: {
      repo: session.seat.repo,
      commit: chance.hex(40),
      pr: String(chance.whole(100, 9_999)),
      reviewers: [session.seat.lead],
      checks_passed: true,
      merged_by: session.seat.lead,
      merged_ts: `${new Date(mergedAt).toISOString().slice(0, 23)}000000Z`,
      ...body,
    },
  };
}
