import { type LedgerRecord, millisOf, timeFromText } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { Day } from "../day.ts";
import { timeOf } from "../record-order.ts";
import { push } from "../records.ts";

type Approval = LedgerRecord<"approval">;

const parametersSchema = z.strictObject({
  tier_min: z.int().min(1).max(3),
  window_ms: z.int().positive(),
  approvals_per_window_max: z.int().positive(),
  median_ms_min: z.int().positive(),
  /** A median of fewer says nothing. */
  measured_min: z.int().positive(),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * A person says yes faster than anyone reads. `burst`: more yeses to calls of a high tier within a window than can be weighed; `instant`: half of the
 * day's yeses came sooner after the question than anything can be read. Once for each person and day; a yes whose giver nobody knows is nobody's.
 */
export const rubberStamped: Condition = condition({
  cases: ["burst", "instant"],
  inputs: ["approval"],
  parameters: parametersSchema,
  findInDay: (day, parameters) => {
    const given = new Map<string, Approval[]>();
    const seen = new Set<string>();
    for (const yes of day.of("approval")) {
      const approver = day.approvalOf(yes.id)?.approver ?? yes.body.approver;
      const isYes = yes.body.verdict === "allow" && yes.body.by === "human" && yes.body.primary;
      if (!isYes || approver === undefined || seen.has(yes.id)) continue;
      seen.add(yes.id);
      push(given, approver, yes);
    }
    return [...given].flatMap(([approver, yeses]) => [
      ...bursts(approver, yeses, day, parameters),
      ...instants(approver, yeses, day, parameters),
    ]);
  },
});

function bursts(
  approver: string,
  yeses: readonly Approval[],
  day: Day,
  { tier_min, window_ms, approvals_per_window_max }: Parameters,
): readonly Hit<"burst">[] {
  const weighty = yeses
    .filter(({ id }) => (day.approvalOf(id)?.tier ?? 0) >= tier_min)
    .map((yes) => ({ yes, at: decidedMillis(yes) }))
    .sort((left, right) => left.at - right.at);
  for (let from = 0; from + approvals_per_window_max <= weighty.length; from++) {
    const window = weighty.slice(from, from + approvals_per_window_max);
    const [first, last] = [window[0], window.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at > window_ms) continue;
    return [
      hitOf(
        "burst",
        approver,
        day,
        last.yes,
        window.map(({ yes }) => yes),
      ),
    ];
  }
  return [];
}

function instants(
  approver: string,
  yeses: readonly Approval[],
  day: Day,
  { measured_min, median_ms_min }: Parameters,
): readonly Hit<"instant">[] {
  const measured = yeses
    .filter(({ body }) => body.latency_ms !== undefined)
    .sort((left, right) => (left.body.latency_ms ?? 0) - (right.body.latency_ms ?? 0));
  const middle = measured[Math.floor((measured.length - 1) / 2)];
  if (measured.length < measured_min || middle === undefined) return [];
  if ((middle.body.latency_ms ?? 0) >= median_ms_min) return [];
  const [first = middle] = yeses;
  return [hitOf("instant", approver, day, first, measured.slice(0, measured_min))];
}

function hitOf<C extends "burst" | "instant">(
  name: C,
  approver: string,
  { day }: Day,
  shown: Approval,
  yeses: readonly Approval[],
): Hit<C> {
  return {
    case: name,
    at: timeOf(shown),
    about: `${approver} ${day}`,
    refs: yeses.map(({ id }) => id),
  };
}

function decidedMillis(yes: Approval): number {
  return millisOf(timeFromText(yes.body.decided_at ?? "") ?? timeOf(yes));
}
