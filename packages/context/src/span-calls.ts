import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { compareText, isOf, ofClass } from "./record-order.ts";
import { isSpanCall } from "./stand-in.ts";

/** One credential: what two of them say is never tied to each other. */
export interface Told {
  readonly teller: string;
  readonly tool: string;
  readonly digest: string | undefined;
  /** The records that say so. */
  readonly ids: readonly string[];
}

/** A call that only its span names. */
export interface SpanCall extends Told {
  readonly call: string;
  /** The latest start that any of its records states: it only grows. */
  readonly from: string;
  /** Every record that has this call's name. */
  readonly records: readonly LedgerRecord[];
  /**
   * What another record of the same span says of its call: a permission names the span it stands under, and that one its call. A request to an
   * MCP server is of the call whose span it was made in, under whatever name: so the tool was carried out.
   */
  readonly accounts: readonly { readonly id: string; readonly call: string }[];
}

/** What a model chose under an id of its own, by the first account of it. */
export interface ChosenCall extends Told {
  readonly call: string;
  readonly at: string;
  /** Records that show it carried out under that id: no span is needed to do so. */
  readonly executions: readonly string[];
}

function tellerOf({ src }: LedgerRecord): string | undefined {
  const { kind, subject } = src.auth;
  return kind === "agent" || kind === "none" ? JSON.stringify([kind, subject]) : undefined;
}

/** Span calls in order of time. Records of observers and people that name one belong to it where one credential alone told it. */
export function spanCalls(placed: readonly PlacedRecord[]): readonly SpanCall[] {
  const named = placed
    .map(({ record }) => record)
    .filter((record) => isSpanCall(record.call) && !isOf(record, "link"));
  const calls = ofClass(placed, "tool_call");
  const executions = groupBy(calls.filter(isNamed), spanKey);
  const tools = groupBy(
    calls.filter((record) => !isRequest(record)),
    spanKey,
  );
  return [...groupBy(named, ({ call }) => call)]
    .flatMap(([call, records]) => {
      const tellers = groupBy(records, tellerOf);
      return [...tellers].flatMap(([teller, own]) => {
        const accounts = [
          ...(executions.get(JSON.stringify([teller, call])) ?? []),
          ...own
            .filter(isRequest)
            .flatMap(({ parent }) => tools.get(JSON.stringify([teller, `span:${parent}`])) ?? []),
        ];
        return {
          ...toldOf(teller, own),
          call,
          records: tellers.size === 1 ? records : own,
          accounts: accounts.flatMap((one) => (one.call ? { id: one.id, call: one.call } : [])),
        };
      });
    })
    .sort(
      (left, right) => compareText(left.from, right.from) || compareText(left.call, right.call),
    );
}

function toldOf(
  teller: string,
  own: readonly LedgerRecord[],
): Omit<SpanCall, "call" | "records" | "accounts"> {
  const calls = own.filter((record) => isOf(record, "tool_call"));
  const decisions = own.filter((record) => isOf(record, "decision"));
  const [first] = [...calls, ...decisions];
  const bodies = [...calls, ...decisions].map(({ body }) => body);
  const starts = [
    ...calls.map(({ ts, body }) => body.exec_start ?? ts),
    ...(calls.length === 0 ? decisions.map(({ ts }) => ts) : []),
  ];
  return {
    teller,
    // A verdict alone names no tool, and only the span's own account ties it.
    tool: first?.body.tool ?? "",
    digest: bodies.find(({ action_digest }) => action_digest !== undefined)?.action_digest,
    from: starts.sort(compareText).at(-1) ?? "",
    ids: [...calls, ...decisions].map(({ id }) => id),
  };
}

/** Chosen calls in order of time. */
export function chosenCalls(placed: readonly PlacedRecord[]): readonly ChosenCall[] {
  const executions = groupBy(ofClass(placed, "tool_call").filter(isNamed), callKey);
  return [...groupBy(ofClass(placed, "decision").filter(isNamed), callKey)]
    .flatMap(([key, accounts]) => {
      const sorted = accounts.toSorted(
        (left, right) => compareText(left.ts, right.ts) || compareText(left.id, right.id),
      );
      const [first] = sorted;
      const teller = first && tellerOf(first);
      if (first?.call === undefined || teller === undefined) return [];
      return {
        teller,
        call: first.call,
        tool: first.body.tool,
        digest: sorted.find(({ body }) => body.action_digest !== undefined)?.body.action_digest,
        at: first.ts,
        ids: sorted.map(({ id }) => id),
        executions: (executions.get(key) ?? []).map(({ id }) => id),
      };
    })
    .sort((left, right) => compareText(left.at, right.at) || compareText(left.call, right.call));
}

/** The span of an MCP client: the agent's own span of the tool, where there is one, is read before it. */
function isRequest(record: LedgerRecord): boolean {
  return (
    isOf(record, "tool_call") &&
    !record.body.primary &&
    record.attrs?.["mcp.method.name"] === "tools/call"
  );
}

function isNamed({ call }: LedgerRecord): boolean {
  return call !== undefined && !isSpanCall(call);
}

function spanKey(record: LedgerRecord): string | undefined {
  const teller = tellerOf(record);
  if (teller === undefined || record.span === undefined) return undefined;
  return JSON.stringify([teller, `span:${record.span}`]);
}

function callKey(record: LedgerRecord): string | undefined {
  const teller = tellerOf(record);
  return teller === undefined ? undefined : JSON.stringify([teller, record.call]);
}
