import { joinCalls, joinEgress, joinTraces, joinViolations } from "@custody/context";
import type { Body } from "@custody/model";
import {
  sessionsWithChoices,
  sessionsWithEgress,
  sessionsWithLateEgress,
  sessionsWithLateViolations,
  sessionsWithStandIns,
  sessionsWithViolations,
  sharedRecords,
  traceRecords,
  tracesWithNames,
  wholeSession,
} from "@custody/storage/queries";
import { approvalJoin } from "./approval-join.ts";
import { changeJoin } from "./join-change.ts";
import { type Join, ofClasses, worthWriting } from "./join-kind.ts";
import { sandboxJoin } from "./sandbox-join.ts";

/** In the order they build upon each other: sessions of spans first, then their calls, the sandboxes of sessions, what happened in those, the flows of calls, commits, verdicts. */
export const joinNames = [
  "traces",
  "calls",
  "sandboxes",
  "violations",
  "flows",
  "changes",
  "approvals",
] as const;
export type JoinName = (typeof joinNames)[number];

/** Pages of a session's records read for its joins. */
const pagesMax = 50;

export const joins: Readonly<Record<JoinName, Join>> = {
  // Here a session is a trace that stands for one.
  traces: {
    sweep: (asked, page) => sessionsWithStandIns(asked, "trace_sessions", page),
    joinable: tracesWithNames,
    async look(asked, session) {
      const records = await traceRecords(asked, session);
      return worthWriting(joinTraces(records), "trace_session", records);
    },
  },
  calls: {
    sweep: (asked, page) => sessionsWithStandIns(asked, "span_calls", page),
    joinable: sessionsWithChoices,
    async look(asked, session) {
      const records = await wholeSession(asked, session, pagesMax);
      // Links made for another session, before a record's own was known, say nothing here.
      const own = records.filter(({ record }) => record.session === session);
      return worthWriting(joinCalls({ session, records }), "span_call", own);
    },
  },
  sandboxes: sandboxJoin,
  violations: {
    sweep: sessionsWithLateViolations,
    joinable: sessionsWithViolations,
    async look(asked, session) {
      const records = await wholeSession(asked, session, pagesMax);
      const { records: shared } = await sharedRecords(asked, records);
      const violations = [...records, ...shared];
      return worthWriting(
        joinViolations({ session, violations, records }),
        "sandbox_call",
        records,
      );
    },
  },
  flows: {
    sweep: sessionsWithLateEgress,
    joinable: sessionsWithEgress,
    async look(asked, session) {
      const records = await wholeSession(asked, session, pagesMax);
      const egress = ofClasses(records, "egress");
      if (egress.length === 0) return [];
      const calls = ofClasses(records, "tool_call", "decision");
      const moves = ofClasses(records, "link").filter(({ record }) => isMove(record.body));
      return worthWriting(joinEgress({ egress, calls, links: moves }), "egress_call", records);
    },
  },
  changes: changeJoin,
  approvals: approvalJoin,
};

function isMove(body: object): boolean {
  const { kind } = body as Body<"link">;
  return kind === "trace_session" || kind === "span_call" || kind === "sandbox_session";
}
