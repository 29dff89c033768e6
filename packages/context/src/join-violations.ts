import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { type CallMark, type CallSpan, callMarks, callSpans, isNear } from "./call-span.ts";
import { countedNames } from "./counted-names.ts";
import { groupBy } from "./group-by.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { type Placement, placementBy } from "./placement.ts";
import { compareText, distinctById, isOf, ofClass, overruledById } from "./record-order.ts";

type Violation = LedgerRecord<"sandbox">;

/**
 * Gives what happened in a session's sandbox to the one call that was open then. Several open calls are as good as each other, and so are none: then
 * the link takes an earlier conclusion back and the violation stays the session's. `violations` are those of sandboxes that the session had, whether
 * or not another had them as well; `records` are the session's own, with the links made of them: two spans may turn out to be one call.
 */
export function joinViolations(input: {
  readonly session: string;
  readonly violations: readonly PlacedRecord[];
  readonly records: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const { session } = input;
  const placement = placementBy(input.records);
  const marksOf = (records: readonly PlacedRecord[]): readonly CallMark[] =>
    callMarks(inPlace(records, session, placement));
  const marks = marksOf(distinctById(input.records));
  // What lies near by any account is counted, so that a basis never grows smaller when another account is kept.
  const overruled = marksOf(overruledById(input.records));
  const namesOf = countedNames(
    [...input.records, ...input.violations],
    input.records.filter(({ record }) => isMove(record)),
  );
  const others = groupBy(
    ofClass(overruledById(input.violations), "sandbox").filter(isLoose(session)),
    ({ id }) => id,
  );
  const violations = ofClass(distinctById(input.violations), "sandbox").filter(isLoose(session));
  return violations.flatMap((violation) => {
    const accounts = [violation, ...(others.get(violation.id) ?? [])];
    const isNearAny = (mark: CallMark): boolean => accounts.some((one) => isNear(one.ts, mark));
    const around = [...marks, ...overruled].filter(isNearAny).map(({ record }) => record.id);
    if (around.length === 0) return [];
    const open = openAt(
      violation.ts,
      callSpans(marks.filter((mark) => isNear(violation.ts, mark))),
    );
    const considered = [...new Set([violation.id, ...around])].flatMap(namesOf).sort(compareText);
    const [only] = open;
    return [linkFact(violation, session, open.length === 1 ? only?.call : undefined, considered)];
  });
}

/** The calls open at a moment; the skew of clocks counts only where none was open exactly then. */
function openAt(time: string, calls: readonly CallSpan[]): readonly CallSpan[] {
  const within = (marginMs: number) =>
    calls.filter(
      ({ from, to }) =>
        from <= shiftMillis(time, marginMs) &&
        (to === undefined || shiftMillis(time, -marginMs) <= to),
    );
  const exactly = within(0);
  return exactly.length > 0 ? exactly : within(contextLimits.joinSkewMs);
}

/** Whatever says which call or session a record is of; what was concluded here moves nothing. */
function isMove(record: LedgerRecord): boolean {
  return isOf(record, "link") && record.body.kind !== "sandbox_call";
}

function isLoose(session: string) {
  return ({ session: own, call, body }: Violation): boolean =>
    body.event === "violation" && call === undefined && (own === undefined || own === session);
}

/** The session's records under the calls that links gave them. */
function inPlace(
  records: readonly PlacedRecord[],
  session: string,
  placement: Placement,
): readonly PlacedRecord[] {
  return records.flatMap((one) => {
    const { session: home, call } = placement.of(one.record);
    if (home !== session) return [];
    return [{ ...one, record: { ...one.record, session, ...(call && { call }) } }];
  });
}

function linkFact(
  violation: Violation,
  session: string,
  call: string | undefined,
  considered: readonly string[],
): LinkFact {
  const method = call === undefined ? undecided : "one_open_call";
  return {
    class: "link",
    key: ["sandbox_call", violation.id, session, call ?? "", ...considered],
    ts: violation.ts,
    session,
    ...(call === undefined ? {} : { call }),
    body: {
      kind: "sandbox_call",
      record: violation.id,
      method,
      confidence: call === undefined ? "low" : "medium",
      basis: considered.length,
    },
  };
}
