import { createChance } from "../world/chance.ts";
import type { AgentKind, Call, Decision, Flow, Seat, Session, World } from "../world/world.ts";
import { claudeItems, claudeSource } from "./claude-code.ts";
import { codexItems, codexSource } from "./codex.ts";
import { geminiItems, geminiSource } from "./gemini-cli.ts";
import { confinementBody, egressLine } from "./observers.ts";
import { type Item, iso, request, type Source } from "./otlp.ts";
import { genAiItems, genAiSource, ownItems, ownSource } from "./spans.ts";

/** A key, and what it observes. */
export interface Key {
  readonly method: "bearer" | "none" | "internal";
  readonly kind: "agent" | "observer" | "authority" | "none" | "internal";
  readonly subject: string;
  readonly observes?: "proxy" | "sandbox_net";
}

export type Door =
  | { readonly name: "logs" | "traces" | "policies" | "changes" | "notices" }
  | { readonly name: "egress"; readonly source: "squid" | "ndjson" | "smokescreen" }
  | { readonly name: "sandboxes" | "violations"; readonly sandbox: string }
  | {
      readonly name: "approvals";
      readonly digestOf?: Decision["digestOf"];
      readonly seat: Pick<Seat, "kind" | "folder">;
    };

/** One request as it reaches the collector. */
export interface Delivery {
  readonly at: number;
  readonly key: Key;
  readonly door: Door;
  readonly body: string;
}

const speakers: Readonly<
  Record<
    AgentKind,
    { readonly source: Source; readonly items: (session: Session) => readonly Item[] }
  >
> = {
  codex: { source: codexSource, items: codexItems },
  "claude-code": { source: claudeSource, items: claudeItems },
  "gemini-cli": { source: geminiSource, items: geminiItems },
  own: { source: ownSource, items: ownItems },
  genai: { source: genAiSource, items: genAiItems },
};

const batchItems = 24;
const linesPerRequest = 20;

/** Whoever sends it, one request after another. */
export const sourceOf = ({ key }: Delivery): string => `${key.kind} ${key.subject}`;

/** A request, and when its source had it whole: one of a laptop that was shut waits before it is sent. */
export interface Sent {
  readonly said: number;
  readonly delivery: Delivery;
}

/** Everything that a world's sources send, in the order it arrives. */
export function deliveries(world: World): readonly Delivery[] {
  return sendings(world).map(({ delivery }) => delivery);
}

/** The same, with the time before any waiting. */
export function sendings(world: World): readonly Sent[] {
  const rulings = [
    ...world.policies.map((ruling): Delivery => {
      const key: Key = { method: "bearer", kind: "authority", subject: ruling.author };
      return { at: ruling.at, key, door: { name: "policies" }, body: JSON.stringify(ruling) };
    }),
    ...world.notices.map((notice): Delivery => {
      const key: Key = { method: "internal", kind: "internal", subject: "custody" };
      return { at: notice.at, key, door: { name: "notices" }, body: JSON.stringify(notice) };
    }),
  ].map(atOnce);
  const all = [...rulings, ...world.sessions.flatMap(ofSession)];
  return all.toSorted((left, right) => left.delivery.at - right.delivery.at);
}

const atOnce = (delivery: Delivery): Sent => ({ said: delivery.at, delivery });

function ofSession(session: Session): readonly Sent[] {
  return [...toldByAgent(session), ...seenByOthers(session).map(atOnce)];
}

function seenByOthers(session: Session): readonly Delivery[] {
  return [
    ...seenByProxy(session),
    ...session.confinement.map((event): Delivery => {
      const name = event.is === "attested" ? "sandboxes" : "violations";
      const body = JSON.stringify(confinementBody(session, event));
      const door: Door = { name, sandbox: event.sandbox };
      return { at: event.at + 300, key: observer("sandbox-runtime"), door, body };
    }),
    ...session.decisions.map((decision) => decided(session, decision)),
    ...session.merges.map((merge): Delivery => {
      const { body, at } = merge;
      const said = JSON.stringify({ ts: iso(at), session: merge.session, ...body });
      return { at: at + 2_000, key: observer("vcs"), door: { name: "changes" }, body: said };
    }),
  ];
}

const observer = (subject: string, observes?: Key["observes"]): Key => ({
  method: "bearer",
  kind: "observer",
  subject,
  ...(observes === undefined ? {} : { observes }),
});

/** Batches as an exporter sends them: some seconds after the last of their items, and now and then hours, when a laptop was shut. */
function toldByAgent(session: Session): readonly Sent[] {
  const chance = createChance(Number.parseInt(session.id.slice(0, 8), 16));
  const { source, items } = speakers[session.seat.kind];
  const { silence, key } = session;
  const told = items(session)
    .filter(({ at }) => silence === undefined || at < silence.from || at >= silence.to)
    .toSorted((left, right) => left.at - right.at);
  const agent: Key = { ...key, kind: key.method === "none" ? "none" : "agent" };
  const out: Sent[] = [];
  for (const some of batched(told, batchItems, 6_000)) {
    const first = some[0];
    const last = some.at(-1);
    if (first === undefined || last === undefined) continue;
    const hours = chance.chance(0.005) ? chance.whole(1, 9) * 3_600_000 : 0;
    const said = last.at + chance.whole(800, 5_000);
    const body = request(first.signal, source, some);
    const delivery = { at: said + hours, key: agent, door: { name: first.signal }, body };
    out.push({ said, delivery });
  }
  const again = rewrittenItem(session);
  if (again === undefined) return out;
  const body = request(again.signal, source, [again]);
  return [...out, atOnce({ at: again.at, key: agent, door: { name: again.signal }, body })];
}

/** What is sent together: so many at most, and none that waits long for the next. */
function batched<T extends { readonly at: number }>(
  list: readonly T[],
  most: number,
  waitMs: number,
): readonly (readonly T[])[] {
  const batches: T[][] = [];
  for (const one of list) {
    const open = batches.at(-1);
    const first = open?.[0];
    const isFull = open === undefined || first === undefined || open.length >= most;
    if (isFull || one.at - first.at > waitMs) batches.push([one]);
    else open.push(one);
  }
  return batches;
}

/** The result of one call once more, at the same time of its own, with other arguments. */
function rewrittenItem(session: Session): Item | undefined {
  const { rewritten } = session;
  if (rewritten === undefined) return undefined;
  const changed = (call: Call): Call =>
    call.id === rewritten.call ? { ...call, target: rewritten.target } : call;
  const steps = session.steps.map((step) =>
    step.is === "call" ? { ...step, call: changed(step.call) } : step,
  );
  const { items } = speakers[session.seat.kind];
  const call = steps.find((step) => step.is === "call" && step.call.id === rewritten.call);
  const endAt = call?.is === "call" ? call.call.endAt : 0;
  const item = items({ ...session, steps }).findLast(({ at }) => at === endAt);
  return item && { ...item, at: rewritten.at };
}

function seenByProxy(session: Session): readonly Delivery[] {
  const flows = session.flows.toSorted((left, right) => left.at - right.at);
  const beside = flows.filter(({ seen }) => seen === "beside");
  const through = flows.filter(({ seen }) => seen === "proxy");
  const { watcher } = session.seat;
  return [
    ...shipped(
      session,
      through,
      { name: "egress", source: watcher },
      observer(`proxy-${watcher}`, "proxy"),
    ),
    ...shipped(
      session,
      beside,
      { name: "egress", source: "ndjson" },
      observer("sandbox-net", "sandbox_net"),
    ),
  ];
}

function shipped(
  session: Session,
  flows: readonly Flow[],
  door: Door,
  key: Key,
): readonly Delivery[] {
  return batched(flows, linesPerRequest, 30_000).map((some): Delivery => {
    const body = some.map((flow) => egressLine(session, flow)).join("\n");
    const end = Math.max(...some.map(({ at, ms }) => at + ms));
    return { at: end + 8_000, key, door, body };
  });
}

function decided(session: Session, { person, at, body, digestOf }: Decision): Delivery {
  const key: Key = { method: "bearer", kind: "authority", subject: person };
  const { seat } = session;
  const door: Door = { name: "approvals", seat, ...(digestOf === undefined ? {} : { digestOf }) };
  const said = JSON.stringify({ session: session.id, decided_at: iso(at), ...body });
  return { at: at + 400, key, door, body: said };
}
