import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { linkSubject, undecided } from "./link-fact.ts";
import { compareText, isOf } from "./record-order.ts";
import { isSpanCall } from "./stand-in.ts";

type Link = LedgerRecord<"link">;

/** Of all links of each subject the one that counts: largest basis, then smallest id, so that late and repeated input converges. */
export function winningLinkOf(placed: readonly PlacedRecord[]): ReadonlyMap<string, Link> {
  const winners = new Map<string, Link>();
  for (const { record } of placed) {
    if (!isOf(record, "link")) continue;
    const subject = linkSubject(record);
    const known = winners.get(subject);
    if (known === undefined || beats(record, known)) winners.set(subject, record);
  }
  return winners;
}

function beats(one: Link, other: Link): boolean {
  return one.body.basis === other.body.basis
    ? compareText(one.id, other.id) < 0
    : one.body.basis > other.body.basis;
}

/** What a placement is asked of: a record, or as much of one as a list row has. */
export type Placeable = Pick<LedgerRecord, "id" | "session" | "call">;

/** Where a record belongs: what it says itself, unless a link knows better. */
export interface Place {
  readonly session: string | undefined;
  readonly call: string | undefined;
  /** The link that gave the call, or the session where none did. */
  readonly link: Link | undefined;
}

/** Where a record stands among others. */
interface Spot {
  readonly session?: string | undefined;
  readonly call?: string | undefined;
}

export interface Placement {
  of(record: Placeable): Place;
  /** The links that show a verdict, by its id, on calls that it does not name. */
  further(id: string): readonly Link[];
  /** Every place where a record stands: its own, those of `further`, and of a link where what it links stands. */
  places(record: LedgerRecord): readonly Spot[];
  /**
   * Whether it is of this session. What a runtime attests of a sandbox is of every session that had the sandbox, and a verdict of every session with
   * a call that it is shown on.
   */
  belongs(record: LedgerRecord, session: string): boolean;
  /** The link by which a session had the sandbox that this record attests. */
  share(id: string, session: string): Link | undefined;
  /** False of a link that a better one overrules: it says where a record does not belong. */
  holds(link: Link): boolean;
}

interface InForce {
  readonly session?: Link;
  readonly call?: Link;
}

/** Kinds of link that give a record its session. */
const moves: ReadonlySet<string> = new Set(["trace_session", "sandbox_session"]);

/** Whether a link says which session its record is of; any other says which call. */
export function isMove(record: LedgerRecord): boolean {
  return isOf(record, "link") && moves.has(record.body.kind);
}

/**
 * Where records belong by the links among `placed`, which are ours alone. Two steps, each with its own winner: the session that a trace or a
 * sandbox names, then among the links made for that session the call. So a call that was concluded in the wrong session counts for nothing once
 * that is known.
 */
export function placementBy(placed: readonly PlacedRecord[]): Placement {
  const own = placed.filter(({ record }) => record.src.auth.kind === "internal");
  const sessions = winningLinkOf(own.filter(({ record }) => isMove(record)));
  const isLost = (link: Link): boolean =>
    link.body.kind === "sandbox_session" && link.body.method === undecided;
  const calls = winningLinkOf(
    own.filter(({ record }) => {
      if (isMove(record) || isShare(record) || !isOf(record, "link")) return false;
      const moved = sessions.get(record.body.record);
      return moved === undefined || (moved.session === record.session && !isLost(moved));
    }),
  );
  const shares = sharesOf(own.filter(({ record }) => isShare(record)));
  const inForce = (id: string): InForce => {
    const [session, call] = [sessions.get(id), calls.get(id)];
    // A flow whose sandbox nobody can say the session of any more is again nobody's.
    return { ...(session && !isLost(session) && { session }), ...(call && { call }) };
  };
  const of = (record: Placeable): Place => {
    const share = shares.of(record);
    return share ?? placeOf(record, inForce(record.id));
  };
  const shown = groupBy([...calls.values()].filter(isShown), ({ body }) => body.record);
  const further = (id: string): readonly Link[] => shown.get(id) ?? [];
  return {
    of,
    share: shares.share,
    further,
    places(record) {
      if (isOf(record, "link")) {
        const { body, session, call } = record;
        return body.kind === "approval_call"
          ? [{ session, call }]
          : [of({ ...record, id: body.record })];
      }
      return isOf(record, "approval") ? [of(record), ...further(record.id)] : [of(record)];
    },
    belongs: (record, session) =>
      of(record).session === session ||
      (isAttestation(record) && shares.sessions(record.id).includes(session)) ||
      further(record.id).some((link) => link.session === session),
    holds(link) {
      if (link.body.kind === "approval_call") {
        return isShown(link) && calls.get(linkSubject(link))?.id === link.id;
      }
      const { session, call } = inForce(link.body.record);
      return link.id === session?.id || link.id === call?.id || shares.holds(link);
    },
  };
}

/** A link that shows a verdict on a call, and was not taken back. */
function isShown({ body }: Link): boolean {
  return body.kind === "approval_call" && body.method !== undecided;
}

function isShare(record: LedgerRecord): boolean {
  return (
    isOf(record, "link") &&
    (record.body.kind === "session_sandbox" || record.body.kind === "sandbox_call")
  );
}

/** What holds for as long as the sandbox stands, other than what happened in it once. */
function isAttestation(record: LedgerRecord): boolean {
  return (
    isOf(record, "sandbox") && record.body.event !== "violation" && record.body.event !== "outcome"
  );
}

interface Shares {
  /** Undefined where no link says anything of it, or none alone. */
  of(record: Placeable): Place | undefined;
  sessions(id: string): readonly string[];
  share(id: string, session: string): Link | undefined;
  holds(link: Link): boolean;
}

/**
 * Which sessions had a sandbox, and in which call something happened in it. What happened in a sandbox that several sessions had is of the one that
 * had a call open, and of none where that is not one.
 */
function sharesOf(placed: readonly PlacedRecord[]): Shares {
  const winners = winningLinkOf(placed);
  const decided = new Map<string, { sessions: Link[]; calls: Link[] }>();
  for (const link of winners.values()) {
    if (link.body.method === undecided) continue;
    const known = decided.get(link.body.record) ?? { sessions: [], calls: [] };
    known[link.body.kind === "sandbox_call" ? "calls" : "sessions"].push(link);
    decided.set(link.body.record, known);
  }
  return {
    of(record) {
      const { sessions, calls } = decided.get(record.id) ?? { sessions: [], calls: [] };
      const own = record.session;
      const mayBe = own === undefined ? sessions.map(({ session }) => session) : [own];
      const within = calls.filter(({ session }) => mayBe.includes(session));
      const only = own === undefined && sessions.length === 1 ? sessions[0] : undefined;
      const link = within.length === 1 ? within[0] : only;
      return link && { session: link.session, call: record.call ?? link.call, link };
    },
    sessions: (id) => (decided.get(id)?.sessions ?? []).flatMap(({ session }) => session ?? []),
    share: (id, session) => decided.get(id)?.sessions.find((link) => link.session === session),
    holds: (link) => winners.get(linkSubject(link))?.id === link.id,
  };
}

function placeOf(record: Placeable, { session, call }: InForce): Place {
  const isOpen = record.call === undefined || isSpanCall(record.call);
  const link = isOpen ? call : undefined;
  return {
    session: session?.session ?? record.session ?? link?.session,
    call: link?.call ?? record.call,
    link,
  };
}
