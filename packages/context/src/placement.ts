import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { compareText, isOf } from "./record-order.ts";
import { isSpanCall } from "./stand-in.ts";

type Link = LedgerRecord<"link">;

/** Of all links of each record the one that counts: largest basis, then smallest id, so that late and repeated input converges. */
export function winningLinkOf(placed: readonly PlacedRecord[]): ReadonlyMap<string, Link> {
  const winners = new Map<string, Link>();
  for (const { record } of placed) {
    if (!isOf(record, "link")) continue;
    const known = winners.get(record.body.record);
    if (known === undefined || beats(record, known)) winners.set(record.body.record, record);
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
  /** The link that gave the call. */
  readonly link: Link | undefined;
}

export interface Placement {
  of(record: Placeable): Place;
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
  const calls = winningLinkOf(
    own.filter(({ record }) => {
      if (isMove(record) || !isOf(record, "link")) return false;
      const moved = sessions.get(record.body.record);
      return moved === undefined || moved.session === record.session;
    }),
  );
  const inForce = (id: string): InForce => {
    const [session, call] = [sessions.get(id), calls.get(id)];
    return { ...(session && { session }), ...(call && { call }) };
  };
  return {
    of: (record) => placeOf(record, inForce(record.id)),
    holds(link) {
      const { session, call } = inForce(link.body.record);
      return link.id === session?.id || link.id === call?.id;
    },
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
