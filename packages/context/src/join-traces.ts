import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { compareText, distinctById, isOf } from "./record-order.ts";
import { isTraceSession } from "./stand-in.ts";

/**
 * Gives the records of one trace that name no session the one that their trace names. Pure and order-free. Only what the same credential said
 * counts: nobody draws another's records into a session by putting its name on a trace. Of several names the nearest span above decides;
 * where none does, the conversation that all others of the trace were begun by; and where there is no such one the record stays with its
 * trace.
 */
export function joinTraces(records: readonly PlacedRecord[]): readonly LinkFact[] {
  const said = distinctById(records)
    .map(({ record }) => record)
    .filter(({ src }) => src.auth.kind === "agent" || src.auth.kind === "none");
  const tellers = groupBy(said, ({ trace, src }) =>
    trace === undefined ? undefined : JSON.stringify([trace, src.auth.kind, src.auth.subject]),
  );
  return [...tellers.values()].flatMap(joinTrace);
}

interface Conclusion {
  readonly session: string;
  readonly method: "trace" | "ancestor" | "outermost" | typeof undecided;
  readonly confidence: "high" | "medium" | "low";
}

function joinTrace(records: readonly LedgerRecord[]): readonly LinkFact[] {
  const loose = records.filter(isTraceSession);
  const named = records.filter((record) => !isTraceSession(record));
  const names = distinctSorted(named.map(({ session }) => session));
  const [only] = names;
  if (only === undefined || loose.length === 0) return [];
  if (names.length === 1) {
    // One name is all that this rests on, however many records say it, so every order of arrival gives the same link.
    const conclusion = { session: only, method: "trace", confidence: "high" } as const;
    return loose.map((record) => linkFact(record, conclusion, names));
  }
  const tree = spanTree(records, named);
  const considered = records.map(({ id }) => id).sort(compareText);
  const outermost = outermostOf(names, named);
  return loose.map((record) =>
    linkFact(record, concluded(record, nearestName(record, tree), outermost), considered),
  );
}

function concluded(
  record: LedgerRecord,
  nearest: string | undefined,
  outermost: string | undefined,
): Conclusion {
  if (nearest !== undefined) return { session: nearest, method: "ancestor", confidence: "medium" };
  if (outermost !== undefined) {
    return { session: outermost, method: "outermost", confidence: "low" };
  }
  return { session: record.session ?? "", method: undecided, confidence: "low" };
}

/** Of the names of one trace the only one that none of the others was a sub-agent's for, by what they say of who began them. */
function outermostOf(names: readonly string[], named: readonly LedgerRecord[]): string | undefined {
  const begun = new Set(
    named.flatMap((record) =>
      isOf(record, "session") && record.body.parent_session !== undefined ? record.session : [],
    ),
  );
  const rest = names.filter((name) => !begun.has(name));
  return rest.length === 1 ? rest[0] : undefined;
}

interface Span {
  readonly parents: ReadonlySet<string>;
  readonly names: readonly string[];
}

function spanTree(
  records: readonly LedgerRecord[],
  named: readonly LedgerRecord[],
): ReadonlyMap<string, Span> {
  const names = groupBy(named, spanOf);
  const spans = groupBy(records, ({ span }) => span);
  const ids = new Set([...names.keys(), ...spans.keys()]);
  return new Map(
    [...ids].map((id) => [
      id,
      {
        parents: new Set((spans.get(id) ?? []).flatMap(({ parent }) => parent ?? [])),
        names: distinctSorted((names.get(id) ?? []).map(({ session }) => session)),
      },
    ]),
  );
}

/** The span that told a record: its own, or the one it stands under. */
function spanOf({ span, parent }: LedgerRecord): string | undefined {
  return span ?? parent;
}

/** The name on the record's own span or the nearest one above; undefined where that has two, or the way up is not known. */
function nearestName(record: LedgerRecord, tree: ReadonlyMap<string, Span>): string | undefined {
  const walked = new Set<string>();
  let at = spanOf(record);
  while (at !== undefined && !walked.has(at)) {
    walked.add(at);
    const { names, parents }: Span = tree.get(at) ?? { names: [], parents: new Set() };
    if (names.length > 0) return names.length === 1 ? names[0] : undefined;
    at = parents.size === 1 ? [...parents][0] : undefined;
  }
  return undefined;
}

function linkFact(
  record: LedgerRecord,
  { session, method, confidence }: Conclusion,
  considered: readonly string[],
): LinkFact {
  const { id, ts, call, trace } = record;
  return {
    class: "link",
    key: ["trace_session", id, session, method, ...considered],
    ts,
    session,
    ...(call === undefined ? {} : { call }),
    ...(trace === undefined ? {} : { trace }),
    body: { kind: "trace_session", record: id, method, confidence, basis: considered.length },
  };
}

function distinctSorted(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== undefined))].sort(compareText);
}
