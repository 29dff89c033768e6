import type { FactExplanation, FidelityView } from "@custody/model";
import type { Explanation } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiClient, type ApiFlags, createApiClient } from "../api-client.ts";
import { Stop } from "../exit-code.ts";
import type { Printer } from "../output/printer.ts";
import { type ColumnOf, printable } from "../output/table.ts";
import { command, printerOf, reading } from "./command.ts";

interface ExplainFlags extends ApiFlags {
  readonly json?: boolean;
}

type Explain = (client: ApiClient, id: string, printer: Printer) => Promise<void>;

/** What can be explained: a session's facts, and a record's trustworthiness. */
const explainers: Readonly<Record<string, Explain>> = {
  async session(client, id, printer) {
    const view = (await client.get(
      `/v1/sessions/${encodeURIComponent(id)}/fidelity`,
    )) as FidelityView;
    printer.value(view, () => showSession(view, printer));
  },
  async record(client, id, printer) {
    const told = (await client.get(`/v1/records/${encodeURIComponent(id)}/explain`)) as Explanation;
    printer.value(told, () => showRecord(told, printer));
  },
};

/** `custody explain <session|record> <id>` */
export function explainCommand(): Command {
  return reading(
    command(
      "explain",
      "why each fact of a session is known or is not; or who said a record, and what would make it false",
      "custody explain session 01a2074e-0e11-7cd0-a6b7-c26569a41cf7",
    ),
  )
    .argument("<what>", "session or record")
    .argument("<id>", "its id")
    .action(async (what: string, id: string, flags: ExplainFlags) => {
      const explain = Object.hasOwn(explainers, what) ? explainers[what] : undefined;
      if (explain === undefined)
        throw new Stop(
          "usage",
          `${what} cannot be explained; it is one of ${Object.keys(explainers).join(", ")}`,
        );
      await explain(createApiClient(flags, process.env), id, printerOf(flags));
    });
}

const factColumns: readonly ColumnOf<FactExplanation>[] = [
  { head: "FACT", cell: ({ fact }) => fact },
  { head: "STATE", cell: ({ state }) => state },
  { head: "TOLD", cell: ({ occasions }) => `${occasions.told}/${dueOf(occasions)}` },
  { head: "THE SOURCE TELLS IT", cell: ({ level }) => level && levelWords[level] },
];

const levelWords: Readonly<Record<NonNullable<FactExplanation["level"]>, string>> = {
  full: "always",
  partial: "in part",
  withheld: "once turned on",
  not_exported: "never",
};

function dueOf({ told, withheld, missing, unknown }: FactExplanation["occasions"]): number {
  return told + withheld + missing + unknown;
}

function showSession({ agent, sources, facts }: FidelityView, printer: Printer): void {
  const heard = sources.map(({ speaker, name }) => `${name} (${speaker})`).join(", ");
  printer.line(printable(`${agent.name} ${agent.version ?? ""}, told by ${heard || "nobody"}`));
  printer.line("");
  printer.table(facts, factColumns);
  for (const { fact, state, why, remedy } of facts) {
    if (state === "reported") continue;
    printer.line("");
    printer.line(printable(`${fact} is ${state}. ${why}`));
    if (remedy !== null) printer.line(printable(`  To have it: ${remedy}`));
  }
}

function showRecord(told: Explanation, printer: Printer): void {
  const { method, kind, subject } = told.said_by;
  const lines = [
    `${told.class} ${told.id}, ${told.grade}`,
    `said at    ${told.said_at} by ${subject} (${kind}, ${method})`,
    `heard at   ${told.heard_at}, leaf ${told.place.leaf} of ${told.place.ledger}`,
    `who        ${told.who}`,
    `false if   ${told.false_if}`,
    `changed if ${told.changed_if}`,
  ];
  for (const line of lines) printer.line(printable(line));
}
