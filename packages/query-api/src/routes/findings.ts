import { type FindingState, findingStates, type Page } from "@custody/model";
import {
  contentOf,
  type FindingFilter,
  type FoundRecord,
  findingRecords,
  listFindings,
} from "@custody/storage/queries";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import {
  type FindingView,
  findingSchema,
  findingStatuses,
  severities,
} from "../contract/finding.ts";
import { pageOf, pageQuery } from "../contract/page.ts";
import { Refusal } from "../errors.ts";
import { dispositionBody, dispositionFact } from "../findings/dispose.ts";
import { findingView } from "../findings/finding-view.ts";
import type { ApiPorts } from "../ports.ts";
import { type Call, type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";
import { given } from "./sessions.ts";

const text = z.string().min(1).max(256).optional();
const listQuery = pageQuery.extend({
  session: text,
  agent: text,
  rule: text,
  severity: z.enum(severities).optional(),
  status: z.enum(findingStatuses).optional(),
});
const idParams = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hex characters"),
});
/** Pages of candidates read to fill one page of a status, which only all records of a finding decide; then it is short and has a cursor. */
const candidatePagesMax = 10;

/** What rules found: listed, one whole, and what a person says of it. */
export function findingRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/findings",
      summary: "Findings, newest first; without a status those that were taken back too",
      kinds: readers,
      query: listQuery,
      answer: pageOf(findingSchema),
      handle: (call) => findingPage(ports, call, given(call.query as z.output<typeof listQuery>)),
    },
    {
      method: "GET",
      path: "/v1/findings/{id}",
      summary: "One finding, with what people said of it",
      kinds: readers,
      params: idParams,
      answer: findingSchema,
      async handle(call) {
        const records = await recordsOf(ports, call);
        const reasons = await reasonsOf(ports, access, call, records);
        const [view] = viewsOf(ports, call, [records], reasons);
        if (view === undefined) throw nothing();
        return view;
      },
    },
    {
      method: "POST",
      path: "/v1/findings/{id}/disposition",
      summary: "Say what a finding is, and when it is dealt with: a person's key only",
      kinds: ["authority", "investigator"],
      params: idParams,
      body: dispositionBody,
      answer: z.object({ record_id: z.string(), status: z.enum(findingStatuses) }),
      async handle(call) {
        const state = stateOf(await recordsOf(ports, call));
        const said = dispositionBody.parse(call.body);
        const fact = dispositionFact(call.principal, state, said, ports.clock.now());
        return {
          record_id: await ports.findings.dispose(call.principal, fact),
          status: said.status,
        };
      },
    },
  ];
}

async function findingPage(
  ports: ApiPorts,
  call: Call,
  { status, ...filter }: FindingFilter & { readonly status?: FindingView["status"] },
): Promise<Page<FindingView>> {
  const asked = askedFor(call, ports.reader);
  const limit = filter.limit ?? 100;
  const items: FindingView[] = [];
  let { cursor } = filter;
  let next: string | null = null;
  for (let page = 0; page < candidatePagesMax; page++) {
    // Each page continues behind the last, and most are full after the first.
    const found = await listFindings(asked, {
      ...filter,
      limit: limit - items.length,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const views = viewsOf(ports, call, found.items, new Map());
    items.push(...views.filter((view) => status === undefined || view.status === status));
    next = found.next;
    if (next === null || items.length >= limit) break;
    cursor = next;
  }
  return { items, next };
}

function viewsOf(
  { clock, findings }: ApiPorts,
  { principal }: Call,
  groups: readonly (readonly FoundRecord[])[],
  reasons: ReadonlyMap<string, string>,
): readonly FindingView[] {
  const context = { tenant: principal.tenant, now: clock.now(), rules: findings.rules, reasons };
  return groups.flatMap((records) => findingView(records, context) ?? []);
}

async function recordsOf(ports: ApiPorts, call: Call): Promise<readonly FoundRecord[]> {
  const id = call.params["id"] ?? "";
  return (await findingRecords(askedFor(call, ports.reader), [id])).get(id) ?? [];
}

function stateOf(records: readonly FoundRecord[]): FindingState {
  const [state] = findingStates(records).values();
  if (state === undefined) throw nothing();
  return state;
}

/** What people wrote is content: read where the key may, and the reading is recorded first. */
async function reasonsOf(
  ports: ApiPorts,
  access: AccessLog,
  call: Call,
  records: readonly FoundRecord[],
): Promise<ReadonlyMap<string, string>> {
  const ids = records.flatMap(({ record }) =>
    record.sd?.["reason"] === undefined ? [] : [record.id],
  );
  if (!call.content || ids.length === 0) return new Map();
  await access.before(call.principal, {
    action: "content",
    object: `findings/${call.params["id"]}`,
    result: "ok",
    rows: ids.length,
  });
  const rows = await contentOf(askedFor(call, ports.reader), ids);
  return new Map(
    rows.filter(({ path }) => path === "reason").map(({ id, text: said }) => [id, said]),
  );
}

function nothing(): Refusal {
  return new Refusal("not-found", "no finding of this id is stored here");
}
