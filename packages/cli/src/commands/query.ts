import type { ActionView, Page, SessionView } from "@custody/model";
import type { AgentsAnswer, AgentView, FindingView } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { Stop } from "../exit-code.ts";
import type { Printer } from "../output/printer.ts";
import type { ColumnOf } from "../output/table.ts";
import { command, printerOf, reading } from "./command.ts";

interface QueryFlags extends ApiFlags {
  readonly json?: boolean;
  readonly where: readonly string[];
  readonly limit?: string;
  readonly from?: string;
  readonly to?: string;
}

const sessionColumns: readonly ColumnOf<SessionView>[] = [
  { head: "STARTED", cell: (row) => row.started_at.slice(0, 19) },
  { head: "SESSION", cell: (row) => row.id, widthMax: 40 },
  { head: "AGENT", cell: (row) => `${row.agent.name} ${row.agent.version ?? ""}` },
  { head: "STATUS", cell: (row) => row.status },
  { head: "CALLS", cell: (row) => row.counts.tool_calls },
  { head: "DENIED", cell: (row) => row.counts.denied },
  { head: "BLOCKED", cell: (row) => row.counts.blocked },
  {
    head: "EGRESS ok/no",
    cell: (row) => `${row.counts.egress_allowed}/${row.counts.egress_denied}`,
  },
];

const actionColumns: readonly ColumnOf<ActionView>[] = [
  { head: "STARTED", cell: (row) => row.started_at.slice(0, 19) },
  { head: "ACTION", cell: (row) => row.id },
  { head: "TOOL", cell: (row) => row.tool, widthMax: 24 },
  { head: "TIER", cell: (row) => row.tier },
  {
    head: "APPROVAL",
    cell: (row) => row.approvals.map(({ verdict, by }) => `${verdict}/${by}`).join(" ") || "none",
  },
  { head: "STATUS", cell: (row) => `${row.outcome.status}${row.contested ? " (contested)" : ""}` },
  {
    head: "EGRESS",
    cell: (row) => row.egress.map(({ host, action }) => `${host} ${action}`).join(" ") || "-",
    widthMax: 40,
  },
];

interface RecordItem {
  readonly id: string;
  readonly class: string;
  readonly leaf: number;
  readonly record: { readonly ts?: string; readonly grade?: string; readonly session?: string };
}

const recordColumns: readonly ColumnOf<RecordItem>[] = [
  { head: "LEAF", cell: (row) => row.leaf },
  { head: "TIME", cell: (row) => row.record.ts?.slice(0, 23) ?? null },
  { head: "CLASS", cell: (row) => row.class },
  { head: "GRADE", cell: (row) => row.record.grade ?? null },
  { head: "SESSION", cell: (row) => row.record.session ?? null, widthMax: 40 },
  { head: "RECORD", cell: (row) => row.id },
];

const findingColumns: readonly ColumnOf<FindingView>[] = [
  { head: "AT", cell: (row) => row.at.slice(0, 19) },
  { head: "FINDING", cell: (row) => row.id },
  { head: "RULE", cell: (row) => `${row.rule} ${row.case ?? ""}` },
  { head: "SEVERITY", cell: (row) => row.severity },
  { head: "STATUS", cell: (row) => `${row.status}${row.reopened ? " (again)" : ""}` },
  { head: "DUE", cell: (row) => `${row.due.slice(0, 16)}${row.overdue ? " overdue" : ""}` },
  { head: "SESSION", cell: (row) => row.session, widthMax: 40 },
];

const agentColumns: readonly ColumnOf<AgentView>[] = [
  { head: "AGENT", cell: (row) => `${row.name} ${row.version ?? ""}` },
  { head: "SESSIONS", cell: (row) => row.sessions },
  { head: "LAST", cell: (row) => row.last_started_at.slice(0, 19) },
  { head: "NOT ALWAYS TOLD", cell: notAlwaysTold, widthMax: 100 },
];

function notAlwaysTold({ facts, sessions: all }: AgentView): string {
  const gaps = facts.filter(({ sessions }) => sessions.reported < all);
  return gaps.map(({ fact, sessions }) => `${fact} ${sessions.reported}/${all}`).join(" ");
}

function showAgents(page: Page<never>, printer: Printer): void {
  printer.table<AgentView>(page.items, agentColumns);
  const { sessions, all } = (page as unknown as AgentsAnswer).looked_at;
  const more = all ? "" : "; --limit looks at more";
  printer.line(`Seen in the newest ${sessions} session(s)${more}.`);
}

/** What of an answer is shown. */
interface List {
  readonly show: (page: Page<never>, printer: Printer) => void;
  /** The API's name of what `--limit` bounds, and its default. */
  readonly bound: readonly [name: string, size: string];
}

/** One row per list: how far it reads, how it is shown. */
const lists: Readonly<Record<string, List>> = {
  sessions: {
    show: (page, printer) => printer.table<SessionView>(page.items, sessionColumns),
    bound: ["limit", "20"],
  },
  actions: {
    show: (page, printer) => printer.table<ActionView>(page.items, actionColumns),
    bound: ["limit", "20"],
  },
  records: {
    show: (page, printer) => printer.table<RecordItem>(page.items, recordColumns),
    bound: ["limit", "20"],
  },
  findings: {
    show: (page, printer) => printer.table<FindingView>(page.items, findingColumns),
    bound: ["limit", "20"],
  },
  agents: {
    show: showAgents,
    bound: ["sessions", "100"],
  },
};

/** `custody query <sessions|actions|records|findings|agents>` */
export function queryCommand(): Command {
  return reading(
    command(
      "query",
      "list sessions, actions, records or findings, newest first, or agents and what they told",
      "custody query actions --where tool=run_command --where status=denied",
    ),
  )
    .argument("<what>", "sessions, actions, records, findings or agents")
    .argument("[id]", "one session, action or finding by its id")
    .option("--where <field=value>", "a filter of the API; repeat for more", collect, [])
    .option("--from <time>", "RFC 3339")
    .option("--to <time>", "RFC 3339")
    .option("--limit <n>", "items, 20 unless told; of agents the newest sessions looked at, 100")
    .action(async (what: string, id: string | undefined, flags: QueryFlags) => {
      const list = Object.hasOwn(lists, what) ? lists[what] : undefined;
      if (list === undefined)
        throw new Stop(
          "usage",
          `${what} is not a list; it is one of ${Object.keys(lists).join(", ")}`,
        );
      const client = createApiClient(flags, process.env);
      const printer = printerOf(flags);
      if (id !== undefined) {
        const one = await client.get(`/v1/${what}/${encodeURIComponent(id)}`);
        process.stdout.write(`${JSON.stringify(one, null, flags.json ? 0 : 2)}\n`);
        return;
      }
      const { limit, from, to } = flags;
      const [bound, size] = list.bound;
      const page = (await client.get(`/v1/${what}`, {
        ...filters(flags.where),
        [bound]: limit ?? size,
        from,
        to,
      })) as Page<never>;
      printer.value(page, () => {
        if (page.items.length === 0)
          printer.line(
            "Nothing matches. `custody doctor` says whether anything reports here at all.",
          );
        else list.show(page, printer);
        if (page.next !== null) printer.line(`More: --where cursor=${page.next}`);
      });
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export function filters(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new Stop("usage", `--where takes field=value, not ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
