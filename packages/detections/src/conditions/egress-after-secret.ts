import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { detectionLimits } from "../limits.ts";
import { compareText, timeOf } from "../record-order.ts";
import type { Story } from "../story.ts";

interface Touch {
  readonly record: LedgerRecord;
  readonly at: string;
}

/**
 * Something left for a host that secrets are not for, in the turn of a secret's reading or soon after it. `unmeasured`: the proxy does not
 * say how much was sent; a flow that says it sent nothing is none.
 */
export const egressAfterSecret: Condition = condition({
  cases: ["sent", "unmeasured"],
  inputs: ["egress", "tool_call"],
  parameters: z.strictObject({
    window_ms: z.int().positive(),
    labels: z.array(z.string().min(1)).min(1),
  }),
  find: (story, { window_ms, labels }) => {
    const touches = touchesOf(story, new Set(labels));
    return story.of("egress").flatMap((flow) => {
      const { action, bytes_out } = flow.body;
      if (action !== "allowed" || bytes_out === 0) return [];
      if (story.flowOf(flow.id)?.secretsMayGo === true) return [];
      const at = timeOf(flow);
      const touch = lastBefore(touches, millisOf(at) + detectionLimits.skewMs);
      if (touch === undefined) return [];
      const soon = millisOf(at) - millisOf(touch.at) <= window_ms;
      const sameTurn = flow.turn !== undefined && flow.turn === touch.record.turn;
      if (!soon && !sameTurn) return [];
      const call = story.callOf(flow.id);
      return [
        {
          case: bytes_out === undefined ? ("unmeasured" as const) : ("sent" as const),
          at,
          about: flow.id,
          refs: [touch.record.id, flow.id],
          ...(call === undefined ? {} : { call }),
        },
      ];
    });
  },
});

/** In order of time. A call counts from its start: one command may read and send. A call that never ran read nothing. */
function touchesOf(story: Story, labels: ReadonlySet<string>): readonly Touch[] {
  const calls = story.calls
    .filter(({ status, risk }) => status === "executed" && risk.has("secret_access"))
    .map(({ anchor, startedAt }) => ({ record: anchor, at: startedAt }));
  const seen = story
    .of("observation")
    .filter(({ body }) => body.labels?.some((label) => labels.has(label)))
    .map((record) => ({ record, at: timeOf(record) }));
  return [...calls, ...seen].sort(
    (left, right) => compareText(left.at, right.at) || compareText(left.record.id, right.record.id),
  );
}

/** By halves: a session may have as many flows as readings. */
function lastBefore(touches: readonly Touch[], millis: number): Touch | undefined {
  let [from, to] = [0, touches.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const touch = touches[middle];
    if (touch !== undefined && millisOf(touch.at) <= millis) from = middle + 1;
    else to = middle;
  }
  return touches[from - 1];
}
