import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { placementBy } from "./placement.ts";
import { compareRecords, compareText, distinctById, isOf } from "./record-order.ts";
import { byProminence, nodeName, type TraceNode } from "./trace-node.ts";

export interface TraceView {
  readonly trace_id: string;
  /** In order of time; `parent` makes the tree. */
  readonly nodes: readonly TraceNode[];
}

type Draft = { -readonly [K in keyof TraceNode]: TraceNode[K] } & { record_ids: string[] };

/**
 * The tree of a trace: the spans that were sent, and between and under them what we rebuild from (session, turn, call): agents split one
 * conversation over many traces, and drop the spans in between (agent-telemetry 15.2). Every parent is in the tree, and there is no
 * cycle, whatever the sources claim.
 */
export function assembleTrace(
  records: readonly PlacedRecord[],
  { trace }: { readonly trace: string },
): TraceView {
  const all = inPlace(records).toSorted(compareRecords);
  const ordered = all.filter((record) => !isOf(record, "link"));
  const builder = new TreeBuilder();
  const spans = new Map<string, LedgerRecord[]>();
  for (const record of ordered) {
    // A span of another trace that belongs to the same session is no span of this tree.
    if (record.span === undefined || record.trace !== trace) continue;
    const group = spans.get(record.span);
    if (group) group.push(record);
    else spans.set(record.span, [record]);
  }
  for (const [id, group] of spans) builder.addSpan(id, group);
  for (const record of ordered) {
    if (record.span === undefined || record.trace !== trace) builder.addLeaf(record);
  }
  for (const record of all) if (isOf(record, "link")) builder.addLink(record);
  return { trace_id: trace, nodes: builder.tree() };
}

/** The records with the session and call that they belong to. */
function inPlace(records: readonly PlacedRecord[]): readonly LedgerRecord[] {
  const placement = placementBy(records);
  return distinctById(records)
    .map(({ record }) => record)
    .map((record) => {
      const { session, call } = placement.of(record);
      return { ...record, ...(session && { session }), ...(call && { call }) };
    });
}

class TreeBuilder {
  readonly #nodes = new Map<string, Draft>();
  /** The node that each record stands on. */
  readonly #holders = new Map<string, Draft>();
  /** The node that stands for a turn or call: a span where one was sent, else one of ours. */
  readonly #anchors = new Map<string, string>();

  addSpan(id: string, group: readonly LedgerRecord[]): void {
    const [main] = group.toSorted(byProminence);
    if (main === undefined) return;
    const node = draftOf(id, main, true);
    for (const record of group) {
      extend(node, record);
      this.#holders.set(record.id, node);
    }
    this.#nodes.set(id, node);
    const { session, turn, call } = node;
    if (session === null) return;
    if (node.class === "tool_call" && call !== null) this.#anchor(callKey(session, call), id);
    if (node.class === "turn" && turn !== null) this.#anchor(turnKey(session, turn), id);
  }

  addLeaf(record: LedgerRecord): void {
    const node = draftOf(record.id, record, false);
    extend(node, record);
    this.#holders.set(record.id, node);
    this.#nodes.set(record.id, node);
  }

  /** A link says where another record belongs: it stands on that record's node. */
  addLink(link: LedgerRecord<"link">): void {
    const linked = this.#holders.get(link.body.record);
    if (linked === undefined) this.addLeaf(link);
    else linked.record_ids.push(link.id);
  }

  tree(): readonly TraceNode[] {
    for (const node of [...this.#nodes.values()]) this.#attach(node);
    this.#cutCycles();
    this.#coverChildren();
    return [...this.#nodes.values()].sort(
      (left, right) =>
        compareText(left.started_at, right.started_at) || compareText(left.id, right.id),
    );
  }

  #anchor(key: string, id: string): void {
    // Of several spans of one call the first in order stands for it.
    if (!this.#anchors.has(key)) this.#anchors.set(key, id);
  }

  #attach(node: Draft): void {
    const sent = node.native_parent;
    if (sent !== null && sent !== node.id && this.#nodes.has(sent)) {
      node.parent = sent;
      node.native_parent = null;
      return;
    }
    if (node.session === null) return;
    const anchor = this.#nearest(node, node.session);
    node.parent = anchor === node.id ? this.#root(node, node.session) : anchor;
  }

  /** The call, else the turn, else the session that a node belongs to. */
  #nearest(node: Draft, session: string): string {
    const { call, turn } = node;
    if (call !== null) {
      const anchor = this.#anchors.get(callKey(session, call));
      // The span of a call stands under the turn, not under itself.
      if (anchor !== node.id) return anchor ?? this.#rebuild(callKey(session, call), node, call);
    }
    if (turn !== null) {
      const anchor = this.#anchors.get(turnKey(session, turn));
      if (anchor !== node.id) return anchor ?? this.#rebuild(turnKey(session, turn), node, turn);
    }
    return this.#root(node, session);
  }

  #root(node: Draft, session: string): string {
    return this.#rebuild(sessionKey(session), node, session);
  }

  #rebuild(key: string, from: Draft, name: string): string {
    if (this.#nodes.has(key)) return key;
    const [role] = key.split(":", 1);
    const node: Draft = {
      ...from,
      id: key,
      parent: null,
      native_parent: null,
      name,
      class: role === "call" ? "tool_call" : role === "turn" ? "turn" : "session",
      call: role === "call" ? from.call : null,
      turn: role === "session" ? null : from.turn,
      record_ids: [],
      native: false,
      grade: "derived",
    };
    this.#nodes.set(key, node);
    this.#anchors.set(key, key);
    if (role !== "session" && from.session !== null) {
      const above = role === "call" ? { ...node, call: null } : { ...node, call: null, turn: null };
      node.parent = this.#nearest(above, from.session);
    }
    return key;
  }

  /** Walks each node's ancestors once; a node met again on its own walk loses its parent. */
  #cutCycles(): void {
    const done = new Set<string>();
    for (const start of [...this.#nodes.keys()].sort(compareText)) {
      const walk = new Set<string>();
      for (let id: string | null = start; id !== null && !done.has(id); ) {
        walk.add(id);
        const node: Draft | undefined = this.#nodes.get(id);
        const parent: string | null = node?.parent ?? null;
        if (node !== undefined && parent !== null && walk.has(parent)) {
          node.native_parent = parent;
          node.parent = null;
        }
        id = node?.parent ?? null;
      }
      for (const id of walk) done.add(id);
    }
  }

  /** A rebuilt node lasts as long as what stands under it, through rebuilt nodes above; a span says its own times. */
  #coverChildren(): void {
    for (const node of this.#nodes.values()) {
      let above = node.parent === null ? undefined : this.#nodes.get(node.parent);
      while (above !== undefined && !above.native && above.record_ids.length === 0) {
        if (node.started_at < above.started_at) above.started_at = node.started_at;
        const end = node.ended_at ?? node.started_at;
        if (above.ended_at === null || end > above.ended_at) above.ended_at = end;
        above = above.parent === null ? undefined : this.#nodes.get(above.parent);
      }
    }
  }
}

const sessionKey = (session: string): string => `session:${session}`;
const turnKey = (session: string, turn: string): string =>
  `turn:${JSON.stringify([session, turn])}`;
const callKey = (session: string, call: string): string =>
  `call:${JSON.stringify([session, call])}`;

function draftOf(id: string, main: LedgerRecord, native: boolean): Draft {
  return {
    id,
    parent: null,
    native_parent: main.parent ?? null,
    name: nodeName(main),
    class: main.class,
    started_at: main.ts,
    ended_at: null,
    session: main.session ?? null,
    turn: main.turn ?? null,
    call: main.call ?? null,
    record_ids: [],
    native,
    grade: main.grade,
  };
}

function extend(node: Draft, record: LedgerRecord): void {
  if (record.ts < node.started_at) node.started_at = record.ts;
  if (record.end !== undefined && (node.ended_at === null || record.end > node.ended_at)) {
    node.ended_at = record.end;
  }
  node.session ??= record.session ?? null;
  node.turn ??= record.turn ?? null;
  node.call ??= record.call ?? null;
  node.record_ids.push(record.id);
}
