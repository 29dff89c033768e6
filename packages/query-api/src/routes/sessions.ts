import { shiftMillis } from "@custody/model";
import { sessionRecords } from "@custody/storage/queries";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { actionSchema } from "../contract/action.ts";
import { pageOf, pageQuery } from "../contract/page.ts";
import { recordSchema } from "../contract/record.ts";
import { sessionSchema } from "../contract/session.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { actionPage } from "./action-views.ts";
import { askedFor } from "./asked.ts";
import { recordAnswers } from "./record-answer.ts";
import { recordContentRead } from "./records.ts";
import { sessionPage, sessionView } from "./session-views.ts";

const text = z.string().min(1).max(256).optional();
const listQuery = pageQuery.extend({
  agent: text,
  principal: text,
  repo: text,
  status: z.enum(["open", "ended", "unclean"]).optional(),
  q: text,
});
const idParams = z.object({ id: z.string().min(1).max(256) });
/** A session without an end that was silent for this long is `unclean`. */
const idleMs = 1_800_000;

type ListQuery = z.output<typeof listQuery>;
type PageQuery = z.output<typeof pageQuery>;

/** Conversations of agents with their users: listed, one whole, its records in order, its actions. */
export function sessionRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/sessions",
      summary: "Sessions, newest first",
      kinds: readers,
      query: listQuery,
      answer: pageOf(sessionSchema),
      async handle(call) {
        const asked = askedFor(call, ports.reader);
        const query = call.query as ListQuery;
        refuseSearchWithoutContent(query.q, call.content);
        const idleBefore = shiftMillis(ports.clock.now(), -idleMs);
        const page = await sessionPage(asked, { ...given(query), idleBefore }, ports.clock);
        // What was found is metadata; that it was found for this word is content.
        if (query.q !== undefined) {
          await recordContentRead(access, call, "sessions", page.items.length);
        }
        return page;
      },
    },
    {
      method: "GET",
      path: "/v1/sessions/{id}",
      summary: "One session",
      kinds: readers,
      params: idParams,
      answer: sessionSchema,
      async handle(call) {
        const asked = askedFor(call, ports.reader);
        const session = call.params["id"] ?? "";
        const view = await sessionView(asked, session, ports.clock, call.content);
        if (view === undefined)
          throw new Refusal("not-found", "no session of this id is stored here");
        if (view.changes.some(({ changed }) => changed !== null)) {
          await recordContentRead(access, call, `sessions/${session}`, view.changes.length);
        }
        return view;
      },
    },
    {
      method: "GET",
      path: "/v1/sessions/{id}/timeline",
      summary: "The session's records in order of time",
      kinds: readers,
      params: idParams,
      query: pageQuery,
      answer: pageOf(recordSchema),
      async handle(call) {
        const asked = askedFor(call, ports.reader);
        const session = call.params["id"] ?? "";
        const page = await sessionRecords(asked, { session, ...given(call.query as PageQuery) });
        await recordContentRead(access, call, `sessions/${session}/timeline`, page.items.length);
        return { items: await recordAnswers(asked, page.items, call.content), next: page.next };
      },
    },
    {
      method: "GET",
      path: "/v1/sessions/{id}/actions",
      summary: "The session's actions, newest first",
      kinds: readers,
      params: idParams,
      query: pageQuery,
      answer: pageOf(actionSchema),
      handle: (call) =>
        actionPage(ports, access, call, {
          ...given(call.query as PageQuery),
          session: call.params["id"] ?? "",
        }),
    },
  ];
}

/** A search says which sessions hold a word: that is content. */
export function refuseSearchWithoutContent(q: string | undefined, content: boolean): void {
  if (q !== undefined && !content) {
    throw new Refusal("forbidden", "`q` searches content, which this key may not read");
  }
}

/** The members that were given: an absent filter is absent, not undefined. */
export function given<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
