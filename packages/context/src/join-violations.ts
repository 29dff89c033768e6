import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { type CallSpan, callMarks, callSpans } from "./call-span.ts";
import { countedNames } from "./counted-names.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { placementBy } from "./placement.ts";
import { compareText, distinctById, isOf, ofClass } from "./record-order.ts";

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
  const own = inPlace(distinctById(input.records), session);
  const marks = callMarks(own);
  const namesOf = countedNames(
    input.records,
    input.records.filter(({ record }) => isMove(record)),
  );
  const violations = ofClass(distinctById(input.violations), "sandbox").filter(isLoose(session));
  return violations.flatMap((violation) => {
    const near = marks.filter(
      ({ from, to }) =>
        from <= shiftMillis(violation.ts, contextLimits.joinWindowMs) &&
        shiftMillis(violation.ts, -contextLimits.joinWindowMs) <= to,
    );
    if (near.length === 0) return [];
    const open = openAt(violation.ts, callSpans(near));
    const ids = near.flatMap(({ record }) => namesOf(record.id));
    const considered = [violation.id, ...ids].sort(compareText);
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
function inPlace(records: readonly PlacedRecord[], session: string): readonly PlacedRecord[] {
  const placement = placementBy(records);
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
