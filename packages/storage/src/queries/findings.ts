import { type LedgerRecord, limits, type Page, type SqlValue } from "@custody/model";
import { storageLimits } from "../limits.ts";
import {
  type Asked,
  ask,
  type FoundRecord,
  found,
  limitOf,
  type Paging,
  type Window,
  windowOf,
} from "./ask.ts";
import { cursorOf, positionOf } from "./cursor.ts";

/** Records read of one question about findings: far more than rules and people write of a page of them. */
const recordsMax = limits.pageItemsMax * 20;

export interface FindingFilter extends Paging {
  readonly session?: string;
  readonly agent?: string;
  readonly rule?: string;
  readonly severity?: string;
}

const columns = {
  session: "session = {session:String}",
  agent: "agent = {agent:String}",
  rule: "rule = {rule:String}",
  severity: "severity = {severity:String}",
} as const;

/** A page of findings, newest first: what rules and people wrote of each. The caller composes their states. */
export async function listFindings(
  asked: Asked,
  filter: FindingFilter,
): Promise<Page<readonly FoundRecord[]>> {
  const limit = limitOf(filter);
  const position = filter.cursor === undefined ? undefined : positionOf(filter.cursor);
  const given = (Object.keys(columns) as (keyof typeof columns)[]).filter(
    (key) => filter[key] !== undefined,
  );
  const window = windowOf(filter);
  const rows = await ask(
    asked,
    "list-findings",
    {
      ...window,
      before_at: position?.at ?? window.to,
      before_finding: position?.ledger ?? "",
      limit,
      ...Object.fromEntries(given.map((key) => [key, filter[key] ?? ""])),
    },
    { where: given.map((key) => columns[key]).join(" AND ") || "true" },
  );
  const ids = rows.map((row) => String(row["finding"]));
  const records = await findingRecords(asked, ids);
  const last = rows.at(-1);
  return {
    items: ids.map((id) => records.get(id) ?? []),
    next:
      rows.length === limit && last
        ? cursorOf({ at: String(last["at_text"]), leaf: 0, ledger: String(last["finding"]) })
        : null,
  };
}

/** Everything that rules and people wrote of some findings, by identity. */
export async function findingRecords(
  asked: Asked,
  findings: readonly string[],
): Promise<ReadonlyMap<string, readonly FoundRecord[]>> {
  const byFinding = new Map<string, FoundRecord[]>();
  if (findings.length === 0) return byFinding;
  const rows = await ask(asked, "finding-records", { findings, limit: recordsMax });
  for (const one of rows.map(found)) {
    const id = findingOf(one.record) ?? "";
    const known = byFinding.get(id);
    if (known) known.push(one);
    else byFinding.set(id, [one]);
  }
  return byFinding;
}

/**
 * Records with what people said of the findings among them. A person's word names its finding and no session, so that it moves neither the times nor
 * the principal of one: here it gets the place of its finding. Nothing is asked where there is no finding.
 */
export async function withDispositions(
  asked: Asked,
  records: readonly FoundRecord[],
): Promise<readonly FoundRecord[]> {
  const places = new Map(
    records.flatMap(({ record }) => {
      const finding = findingOf(record);
      return finding === undefined ? [] : [[finding, record] as const];
    }),
  );
  if (places.size === 0) return records;
  const ids = [...places.keys()].slice(0, storageLimits.listItemsMax);
  const known = await findingRecords(asked, ids);
  const said = [...known].flatMap(([id, all]) =>
    all
      .filter(({ record }) => record.src.auth.kind !== "internal")
      .map((one) => {
        const { session, call } = places.get(id) ?? {};
        const place = { ...(session && { session }), ...(call && { call }) };
        return { ...one, record: { ...one.record, ...place } };
      }),
  );
  return [...records, ...said];
}

function findingOf(record: LedgerRecord): string | undefined {
  return record.class === "finding" ? (record as LedgerRecord<"finding">).body.finding : undefined;
}

/** What was found in one day without a session, as rules and people wrote it. */
export async function findingsOfDay(
  asked: Asked,
  { day, from }: { readonly day: string; readonly from: string },
): Promise<readonly FoundRecord[]> {
  return (await ask(asked, "day-findings", { day, from, limit: recordsMax })).map(found);
}

/** What rules opened since a moment, in the order in which it was received; with `after` the page behind that record. */
export async function findingsWritten(
  asked: Asked,
  since: string,
  { after, limit }: { readonly after?: FoundRecord | undefined; readonly limit: number },
): Promise<readonly FoundRecord[]> {
  const rows = await ask(asked, "findings-written", {
    since: after?.record.rx ?? since,
    after_leaf: after?.leaf ?? -1,
    after_ledger: after?.ledger ?? "",
    limit,
  });
  return rows.map(found);
}

/** To whom some findings were told, or given up, since a moment: names of targets by finding. */
export async function alertsTold(
  asked: Asked,
  { findings, since }: { readonly findings: readonly string[]; readonly since: string },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const told = new Map<string, Set<string>>();
  if (findings.length === 0) return told;
  for (const row of await ask(asked, "alerts-told", { findings, since, limit: recordsMax * 2 })) {
    const finding = String(row["finding"]);
    told.set(finding, (told.get(finding) ?? new Set()).add(String(row["target"])));
  }
  return told;
}

/** Our own newest record of a job that ran, received since a moment. */
export async function lastRun(
  asked: Asked,
  { job, since }: { readonly job: string; readonly since: string },
): Promise<LedgerRecord<"integrity"> | undefined> {
  const [row] = await ask(asked, "last-run", { job, since });
  return row === undefined ? undefined : (found(row).record as LedgerRecord<"integrity">);
}

export interface RuleFired {
  readonly rule: string;
  readonly version: string;
  /** When it last found something in the window. */
  readonly firedAt: string;
  readonly findings: number;
  /** Neither taken back nor closed. */
  readonly open: number;
}

/** What each rule found in a window. */
export async function rulesFired(asked: Asked, window: Window): Promise<readonly RuleFired[]> {
  const params: Readonly<Record<string, SqlValue>> = { ...windowOf(window) };
  const rows = await ask(asked, "rules-fired", { ...params, limit: limits.pageItemsMax });
  return rows.map((row) => ({
    rule: String(row["rule"]),
    version: String(row["rule_version"]),
    firedAt: String(row["fired_text"]),
    findings: Number(row["findings"]),
    open: Number(row["open_findings"]),
  }));
}
