import { hash } from "node:crypto";
import {
  type ApprovalSurroundings,
  assembleAction,
  documentsInForce,
  egressInForce,
  type OpenedContent,
  tiersInForce,
} from "@custody/context";
import type { ActionView, LedgerRecord, Page } from "@custody/model";
import {
  type ActionFilter,
  type ActionRecords,
  type Asked,
  contentOfRecords,
  type FoundRecord,
  listActions,
  type Paging,
  policyRecords,
  standingYeses,
  withDispositions,
} from "@custody/storage/queries";
import type { AccessLog } from "../access.ts";
import type { ApiPorts } from "../ports.ts";
import type { Call } from "../route.ts";
import { askedFor } from "./asked.ts";
import { recordContentRead } from "./records.ts";

/** What a list of actions is narrowed by: the store's filter, and the tier, which is judged here. */
export interface ActionQuery extends ActionFilter, Paging {
  readonly tier?: number;
}

/** Candidate pages read to fill one page of a filter that only the whole action decides; then the page is short and has a cursor. */
const candidatePagesMax = 10;

/** A page of actions: candidates from the store, each composed and checked against the whole filter. */
export async function actionPage(
  ports: ApiPorts,
  access: AccessLog,
  call: Call,
  query: ActionQuery,
): Promise<Page<ActionView>> {
  const asked = askedFor(call, ports.reader);
  const { tier: _judgedHere, ...filter } = query;
  const limit = query.limit ?? 100;
  const items: ActionView[] = [];
  let cursor = query.cursor;
  let next: string | null = null;
  const policies = policyRecords(asked);
  // Awaited below, unless what comes before fails.
  policies.catch(() => undefined);
  for (let page = 0; page < candidatePagesMax; page++) {
    // Each page continues behind the last, and most filters are full after the first.
    const found = await listActions(asked, {
      ...filter,
      limit: limit - items.length,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const views = await actionViews(asked, found.items, call.content, await policies);
    items.push(...views.filter((view) => matches(view, query)));
    next = found.next;
    if (next === null || items.length >= limit) break;
    cursor = next;
  }
  await recordContentRead(access, call, "actions", items.length);
  return { items, next };
}

/** Composes actions from their records and all policy records, with opened content where the caller may read it. */
export async function actionViews(
  asked: Asked,
  groups: readonly ActionRecords[],
  withContent: boolean,
  policies: readonly FoundRecord[],
): Promise<readonly ActionView[]> {
  if (groups.length === 0) return [];
  const told = recordsIn(groups);
  const [opened, grants, said] = await Promise.all([
    withContent ? contentOfRecords(asked, told) : Promise.resolve([]),
    grantsOf(asked, groups),
    withDispositions(asked, told).then((all) => all.slice(told.length)),
  ]);
  const contents = new Map<string, OpenedContent[]>();
  for (const { id, path, text } of opened) {
    contents.set(id, [...(contents.get(id) ?? []), { record: id, path, text }]);
  }
  return groups.map((group) => {
    const at = timeOfAct(group.records);
    const egress = egressInForce(policies, at);
    const people = said.filter(
      ({ record }) => record.session === group.session && record.call === group.call,
    );
    return assembleAction(
      [...group.records, ...people],
      group.records.flatMap(({ record }) => contents.get(record.id) ?? []),
      {
        tenant: asked.tenant,
        session: group.session,
        call: group.call,
        sessionLevel: group.sessionLevel,
        tiers: tiersInForce(policies, at),
        ...(egress === undefined ? {} : { egress }),
        approvals: { ...approvalsUnder(policies, at), grants },
        sha256: (bytes) => hash("sha256", bytes, "buffer"),
      },
    );
  });
}

/** Of its first record; a standing yes that is shown with it may be much older. */
function timeOfAct(records: readonly FoundRecord[]): string {
  const own = records.find(
    ({ record }) => record.class !== "approval" || (record.session && record.call),
  );
  return (own ?? records[0])?.record.ts ?? "";
}

/** What the yeses for more than once among these actions rest on; nothing is asked where there is none. */
async function grantsOf(
  asked: Asked,
  groups: readonly ActionRecords[],
): Promise<readonly FoundRecord[]> {
  const lasting = recordsIn(groups)
    .map(({ record }) => record)
    .filter(isApproval)
    .filter(({ body }) => body.scope !== "once");
  if (lasting.length === 0) return [];
  const sessions = [...new Set(lasting.flatMap(({ session }) => session ?? []))];
  // What was given for a session was given in it, unless it names what it rests on.
  const reaching = lasting.filter(
    ({ body }) => body.scope !== "session" || body.grant !== undefined,
  );
  if (reaching.length > 0) {
    const actors = [...new Set(reaching.flatMap(({ actor }) => actor?.id ?? []))];
    return standingYeses(asked, { sessions, actors });
  }
  const read = new Map(groups.map(({ session, yeses }) => [session, yeses]));
  const given = sessions.map((session) => read.get(session));
  // A session that a link moved such a yes from is none of these.
  return given.every((yeses) => yeses !== undefined)
    ? given.flat()
    : standingYeses(asked, { sessions, actors: undefined });
}

function isApproval(record: LedgerRecord): record is LedgerRecord<"approval"> {
  return record.class === "approval";
}

/** What the policies in force say of who may approve. */
function approvalsUnder(
  policies: readonly FoundRecord[],
  at: string,
): Pick<ApprovalSurroundings, "approvalPolicies" | "people"> {
  const own = documentsInForce(policies, "approval", at);
  return {
    // Where none is published the shipped one is in force, and stands among them.
    approvalPolicies: own,
    people: {
      principals: documentsInForce(policies, "principals", at),
      roles: documentsInForce(policies, "roles", at),
    },
  };
}

function recordsIn(groups: readonly ActionRecords[]): readonly FoundRecord[] {
  return groups.flatMap(({ records }) => records);
}

type Check = (view: ActionView, wanted: string) => boolean;

/** The whole filter once more, on the composed action: candidates are a superset. */
const checks: Readonly<Record<string, Check>> = {
  session: (view, wanted) => view.session === wanted,
  agent: (view, wanted) => view.agent === wanted,
  principal: (view, wanted) => view.principal === wanted,
  tool: (view, wanted) => view.tool === wanted,
  kind: (view, wanted) => view.kind === wanted,
  status: (view, wanted) => view.outcome.status === wanted,
  verdict: (view, wanted) => view.approvals.some(({ verdict }) => verdict === wanted),
  by: (view, wanted) => view.approvals.some(({ by }) => by === wanted),
  tier: (view, wanted) => String(view.tier) === wanted,
  egress_host: (view, wanted) => view.egress.some(({ host }) => host === wanted),
  egress_action: (view, wanted) => view.egress.some(({ action }) => action === wanted),
  grade: (view, wanted) => gradesOf(view).has(wanted),
  finding: (view, wanted) => view.findings.includes(wanted),
  contested: (view, wanted) => String(view.contested) === wanted,
};

function matches(view: ActionView, query: ActionQuery): boolean {
  return Object.entries(checks).every(([name, check]) => {
    const wanted = query[name as keyof ActionQuery];
    return wanted === undefined || check(view, String(wanted));
  });
}

/** Every grade that a fact of the action has. */
function gradesOf(view: ActionView): ReadonlySet<string> {
  return new Set([
    view.outcome.grade,
    ...view.approvals.map(({ grade }) => grade),
    ...view.egress.map(({ grade }) => grade),
    ...(view.sandbox === null ? [] : [view.sandbox.grade]),
  ]);
}
