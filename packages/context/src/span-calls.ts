import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { contextLimits } from "./limits.ts";
import { compareRecords, compareText, isOf, ofClass } from "./record-order.ts";
import { isSpanCall } from "./stand-in.ts";

/** One credential: what two of them say is never tied to each other. */
export interface Told {
  readonly teller: string;
  readonly tool: string;
  readonly digest: string | undefined;
  /** Whatever any of its records say of those two, and the earliest time of one: all that the next record may still turn it into. */
  readonly tools: ReadonlySet<string>;
  readonly digests: ReadonlySet<string | undefined>;
  readonly first: string;
  /** The records that say so. */
  readonly ids: readonly string[];
  /** Records that show it carried out under an id of its own. */
  readonly shown: readonly string[];
}

/** A call that only its span names. */
export interface SpanCall extends Told {
  readonly call: string;
  /** The latest start that any of its records states; the latest choice of it where none does. */
  readonly from: string;
  /** The latest of both, which only grows. */
  readonly last: string;
  /** Every record that has this call's name. */
  readonly records: readonly LedgerRecord[];
  /** Of those of observers and people, all that another credential's call of this name leaves to neither. */
  readonly disputed: readonly LedgerRecord[];
  /**
   * What other records of the same span say of its call: a permission names the span it stands under, and that one its call. A request to an
   * MCP server is of the call whose span it was made in, under whatever name: so the tool was carried out.
   */
  readonly accounts: readonly string[];
}

/** What a model chose under an id of its own, by the first account of it. */
export interface ChosenCall extends Told {
  readonly call: string;
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
        const shown = [
          ...(executions.get(JSON.stringify([teller, call])) ?? []),
          ...own
            .filter(isRequest)
            .flatMap(({ parent }) => tools.get(JSON.stringify([teller, `span:${parent}`])) ?? []),
        ];
        return {
          ...toldOf(teller, own),
          call,
          records: tellers.size === 1 ? records : own,
          disputed: tellers.size === 1 ? [] : records.filter((one) => !tellerOf(one)),
          shown: shown.map(({ id }) => id),
          accounts: [...new Set(shown.flatMap((one) => one.call ?? []))],
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
): Omit<SpanCall, "call" | "records" | "disputed" | "accounts" | "shown"> {
  // In the order of facts, so that it does not matter which came first.
  const sorted = own.toSorted(compareRecords);
  const calls = sorted.filter((record) => isOf(record, "tool_call"));
  const decisions = sorted.filter((record) => isOf(record, "decision"));
  const all = [...calls, ...decisions];
  const begun = calls.map(({ ts, body }) => body.exec_start ?? ts);
  const decided = decisions.map(({ ts }) => ts);
  const times = [...begun, ...decided].sort(compareText);
  return {
    teller,
    // A verdict alone names no tool, and only the span's own account ties it.
    tool: all[0]?.body.tool ?? "",
    digest: all.find(({ body }) => body.action_digest !== undefined)?.body.action_digest,
    tools: new Set(all.map(({ body }) => body.tool)),
    digests: new Set(all.map(({ body }) => body.action_digest)),
    from: (begun.length > 0 ? begun : decided).toSorted(compareText).at(-1) ?? "",
    first: times[0] ?? "",
    last: times.at(-1) ?? "",
    ids: all.map(({ id }) => id),
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
        tools: new Set(sorted.map(({ body }) => body.tool)),
        digests: new Set(sorted.map(({ body }) => body.action_digest)),
        first: first.ts,
        ids: sorted.map(({ id }) => id),
        shown: (executions.get(key) ?? []).map(({ id }) => id),
      };
    })
    .sort(
      (left, right) => compareText(left.first, right.first) || compareText(left.call, right.call),
    );
}

/** A span of the same name under another credential is another span. */
export function outerKey({ teller }: Pick<Told, "teller">, call: string): string {
  return JSON.stringify([teller, call]);
}

/**
 * How late a choice may be told of a call that began then. The records of one span and of the model call before it come from one clock, but a streamed
 * answer may end after its first call began. Nothing was chosen for a call of which nothing says when it began.
 */
export function latestChoice(began: string): string {
  return began === "" ? began : shiftMillis(began, contextLimits.joinSkewMs);
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
