import {
  joinCalls,
  joinEgress,
  joinTraces,
  type LinkFact,
  newLinks,
  winningLinkOf,
} from "@custody/context";
import type { Body, PlacedRecord } from "@custody/model";
import {
  type Asked,
  sessionsWithChoices,
  sessionsWithEgress,
  sessionsWithLateEgress,
  sessionsWithStandIns,
  traceRecords,
  tracesWithNames,
  wholeSession,
} from "@custody/storage/queries";

interface SweepPage {
  readonly since: string;
  readonly after: string;
  readonly limit: number;
}

/** One kind of join. Each session that may have one is looked at as a whole. */
export interface Join {
  /** A page of the sessions that a start looks at again. */
  sweep(asked: Asked, page: SweepPage): Promise<readonly string[]>;
  /** Those of the sessions that something can be concluded of: one question for all, since reading each costs far more. */
  joinable(asked: Asked, sessions: readonly string[]): Promise<ReadonlySet<string>>;
  /** What is new to conclude of one session. */
  look(asked: Asked, session: string): Promise<readonly LinkFact[]>;
}

/** In the order they build upon each other: sessions of spans first, then their calls, then the flows of calls. */
export const joinNames = ["traces", "calls", "flows"] as const;
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
};

function ofClasses(
  records: readonly PlacedRecord[],
  ...classes: readonly string[]
): readonly PlacedRecord[] {
  return records.filter(({ record }) => classes.includes(record.class));
}

function isMove(body: object): boolean {
  const { kind } = body as Body<"link">;
  return kind === "trace_session" || kind === "span_call";
}

function worthWriting(
  found: readonly LinkFact[],
  kind: Body<"link">["kind"],
  records: readonly PlacedRecord[],
): readonly LinkFact[] {
  const links = ofClasses(records, "link").filter(
    ({ record }) => (record.body as Body<"link">).kind === kind,
  );
  return newLinks(found, winningLinkOf(links));
}
