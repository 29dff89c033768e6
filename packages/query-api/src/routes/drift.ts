import { type Asked, type DriftFilter, driftCounts } from "@custody/storage/queries";
import type { z } from "zod";
import { type DriftAnswer, driftSchema } from "../contract/drift.ts";
import { pageQuery } from "../contract/page.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";
import { given } from "./sessions.ts";

const windowQuery = pageQuery.omit({ cursor: true });

/** How telemetry strays from what the dialects were written against. */
export function driftRoutes(ports: ApiPorts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/drift",
      summary: "Unknown events, vanished attributes and unseen releases, by agent and release",
      kinds: readers,
      query: windowQuery,
      answer: driftSchema,
      async handle(call): Promise<DriftAnswer> {
        const query = given(call.query as z.output<typeof windowQuery>);
        return driftAnswer(askedFor(call, ports.reader), query);
      },
    },
  ];
}

export async function driftAnswer(asked: Asked, filter: DriftFilter): Promise<DriftAnswer> {
  const { rows, total, cut } = await driftCounts(asked, filter);
  const items = rows.map(({ firstAt, lastAt, ...row }) => ({
    ...row,
    first_at: firstAt,
    last_at: lastAt,
  }));
  return { items, total, cut };
}
