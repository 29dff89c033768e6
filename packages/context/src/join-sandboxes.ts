import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { sessionHeader } from "./egress/reading.ts";
import { groupBy } from "./group-by.ts";
import type { Confidence } from "./join-methods.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { compareText, distinctById, latest, ofClass } from "./record-order.ts";
import { addressOf, sandboxName } from "./sandbox-name.ts";

type Attested = LedgerRecord<"sandbox">;
type Flow = LedgerRecord<"egress">;

/** One sandbox as far as observers speak of it: what an agent says of a sandbox is no part of it. */
export interface KnownSandbox {
  /** What everybody's names for it have in common (`sandboxName`). */
  readonly name: string;
  readonly records: readonly Attested[];
  readonly addresses: ReadonlySet<string>;
  readonly from: string;
  /** Undefined while nobody said that it ended. */
  readonly to: string | undefined;
}

/** The sandboxes that observers told, each from everything they said of it, whatever the order. */
export function knownSandboxes(placed: readonly PlacedRecord[]): readonly KnownSandbox[] {
  const told = ofClass(distinctById(placed), "sandbox").filter(isObserved);
  const groups = groupBy(told, ({ body }) =>
    body.sandbox === undefined ? undefined : sandboxName(body.sandbox),
  );
  return [...groups].map(([name, records]) => {
    const starts = records.map(({ ts, body }) => body.started_at ?? ts).sort(compareText);
    const lives = records.filter(({ body }) => body.event !== "violation");
    const last = latest(lives);
    return {
      name,
      records,
      addresses: new Set(records.flatMap(({ body }) => (body.addresses ?? []).map(addressOf))),
      from: starts[0] ?? "",
      to: last?.body.event === "stop" ? last.ts : undefined,
    };
  });
}

/** The sandboxes that had an address at a moment: more than one where it was shared, as behind a gateway. */
export function sandboxesAt(
  sandboxes: readonly KnownSandbox[],
  client: string,
  at: string,
): readonly KnownSandbox[] {
  const address = addressOf(client);
  return sandboxes.filter(
    (one) => one.addresses.has(address) && isWithin(at, one.from, one.to ?? at),
  );
}

function isWithin(at: string, from: string, to: string): boolean {
  const { joinSkewMs } = contextLimits;
  return shiftMillis(from, -joinSkewMs) <= at && at <= shiftMillis(to, joinSkewMs);
}

/** How a session is known to have had a sandbox. */
export type SandboxMethod = "named" | "proxy_session" | "address_interval";

interface Claim {
  readonly session: string;
  readonly method: SandboxMethod;
  readonly confidence: Confidence;
}

/**
 * Links sandboxes to sessions: a session that the runtime's own label or its observer names; one that a proxy knew by its credential when a request
 * came out of the sandbox, by the sandbox's id or, where one sandbox alone had that address, by its address; and last a header, which the sandboxed
 * process may write as it likes: that is `low` and proves nothing. `records` are those of some sandboxes, of all that share an address with
 * them, and the flows that came out of them. Pure and order-free: the basis is the number of these, which only grows.
 */
export function joinSandboxes(input: {
  readonly records: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const sandboxes = knownSandboxes(input.records);
  const flows = ofClass(distinctById(input.records), "egress").filter(isObserved);
  return sandboxes.flatMap((sandbox) => {
    const rivals = sandboxes.filter(({ addresses }) => shares(addresses, sandbox.addresses));
    const own = flows.filter((flow) => mayComeFrom(flow, sandbox));
    const considered = [...new Set([sandbox, ...rivals].flatMap(({ records }) => records)), ...own]
      .map(({ id }) => id)
      .sort(compareText);
    const claims = [
      ...sandbox.records.flatMap(({ session }) => (session === undefined ? [] : [named(session)])),
      ...own.flatMap((flow) => claimOf(flow, sandbox, rivals) ?? []),
    ];
    const sessions = groupBy(claims, ({ session }) => session);
    const candidates = new Set([...sessions.keys(), ...own.flatMap((flow) => sessionOf(flow))]);
    return [...candidates].sort(compareText).flatMap((session) => {
      const best = strongest(sessions.get(session) ?? []);
      return sandbox.records
        .filter((record) => record.session === undefined || isStanding(record, session))
        .map((record) => linkFact(record, session, best, considered));
    });
  });
}

/** An observer's word under an observer's own key. */
function isObserved({ grade, src }: LedgerRecord): boolean {
  return grade === "observed" && src.auth.kind === "observer";
}

/** What stands for another session already: it may hold for this one too. What happened once is of the one it names. */
function isStanding({ session, body }: Attested, other: string): boolean {
  return session !== other && body.event !== "violation";
}

function shares(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return [...left].some((address) => right.has(address));
}

function mayComeFrom({ body }: Flow, { name, addresses }: KnownSandbox): boolean {
  if (body.sandbox !== undefined) return sandboxName(body.sandbox) === name;
  return body.client !== undefined && addresses.has(addressOf(body.client));
}

function sessionOf({ session, attrs }: Flow): readonly string[] {
  const said = session ?? attrs?.[sessionHeader];
  return said === undefined ? [] : [said];
}

function named(session: string): Claim {
  return { session, method: "named", confidence: "high" };
}

function claimOf(
  flow: Flow,
  { name, from, to }: KnownSandbox,
  rivals: readonly KnownSandbox[],
): Claim | undefined {
  const [session] = sessionOf(flow);
  if (session === undefined || !isWithin(flow.ts, from, to ?? flow.ts)) return undefined;
  const byId = flow.body.sandbox !== undefined;
  const there = sandboxesAt(rivals, flow.body.client ?? "", flow.ts);
  if (!byId && there.some((one) => one.name !== name)) return undefined;
  if (flow.session === undefined) {
    return { session, method: "address_interval", confidence: "low" };
  }
  return { session, method: "proxy_session", confidence: byId ? "high" : "medium" };
}

const weights = { high: 3, medium: 2, low: 1 } as const;

function strongest(claims: readonly Claim[]): Claim | undefined {
  return claims.toSorted(
    (left, right) =>
      weights[right.confidence] - weights[left.confidence] ||
      compareText(left.method, right.method),
  )[0];
}

function linkFact(
  record: Attested,
  session: string,
  claim: Claim | undefined,
  considered: readonly string[],
): LinkFact {
  const method = claim?.method ?? undecided;
  return {
    class: "link",
    key: ["session_sandbox", record.id, session, method, ...considered],
    ts: record.ts,
    session,
    body: {
      kind: "session_sandbox",
      record: record.id,
      method,
      confidence: claim?.confidence ?? "low",
      basis: considered.length,
    },
  };
}
