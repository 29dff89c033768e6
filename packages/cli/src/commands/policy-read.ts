import { limits, type Page } from "@custody/model";
import type { PolicyAnswer, WholePolicyAnswer } from "@custody/query-api";
import type { Command } from "commander";
import { stringify } from "yaml";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { Stop } from "../exit-code.ts";
import { documentDiff } from "../output/document-diff.ts";
import { type ColumnOf, printable } from "../output/table.ts";
import { documentIn } from "../policy-file.ts";
import { command, printerOf, reading } from "./command.ts";

interface ReadFlags extends ApiFlags {
  readonly json?: boolean;
  readonly kind?: string;
  readonly at?: string;
  readonly version?: string;
  readonly from?: string;
  readonly to?: string;
  readonly file?: string;
}

type Version = WholePolicyAnswer["versions"][number];

/** `custody policy list`: what governs now, or governed then. */
export function listCommand(): Command {
  return reading(
    command(
      "list",
      "policies and the version in force, shipped defaults marked",
      "custody policy list --kind egress --at 2026-11-01T00:00:00Z",
    ),
  )
    .option("--kind <kind>", "of this kind alone")
    .option("--at <time>", "RFC 3339: what was in force then")
    .action(async (flags: ReadFlags) => {
      const page = (await createApiClient(flags, process.env).get("/v1/policies", {
        kind: flags.kind,
        in_force_at: flags.at,
        limit: String(limits.pageItemsMax),
      })) as Page<PolicyAnswer>;
      const printer = printerOf(flags);
      printer.value(page, () => {
        printer.table(page.items, columns);
        if (page.next !== null) printer.line("There are more: --kind asks for those of one kind.");
      });
    });
}

const columns: readonly ColumnOf<PolicyAnswer>[] = [
  { head: "KIND", cell: ({ kind }) => kind },
  { head: "NAME", cell: ({ name }) => name },
  { head: "IN FORCE", cell: ({ in_force }) => in_force && `version ${in_force.version}` },
  { head: "SINCE", cell: (row) => row.in_force && sinceOf(row) },
  { head: "UNTIL", cell: ({ in_force }) => in_force && (in_force.in_force_to?.slice(0, 19) ?? "") },
  { head: "APPROVED BY", cell: (row) => approverOf(row) },
  { head: "NEWEST", cell: ({ newest }) => `version ${newest.version} ${newest.state}` },
];

function sinceOf({ in_force, shipped_default }: PolicyAnswer): string {
  if (shipped_default) return "shipped default";
  const backdated = in_force?.backdated ? " (backdated)" : "";
  return `${in_force?.in_force_from?.slice(0, 19) ?? ""}${backdated}`;
}

function approverOf({ in_force, shipped_default }: PolicyAnswer): string | null {
  return shipped_default ? "nobody" : (in_force?.approved_by ?? null);
}

/** `custody policy show <kind> <name>` */
export function showCommand(): Command {
  return reading(
    command(
      "show",
      "every version of one policy, and its text",
      "custody policy show tiers shipped",
    ),
  )
    .argument("<kind>")
    .argument("<name>")
    .option("--version <n>", "the text of this version; default the one in force, else the newest")
    .action(async (kind: string, name: string, flags: ReadFlags) => {
      const policy = await policyOf(flags, kind, name);
      const shown = versionOf(policy, flags.version) ?? governing(policy);
      const printer = printerOf(flags);
      printer.value(policy, () => {
        printer.table(policy.versions, versionColumns);
        const mark = policy.shipped_default ? ", a shipped default that nobody approved" : "";
        printer.line(`\n# version ${shown.version}${mark}`);
        printer.line(shownText(shown.document));
      });
    });
}

const versionColumns: readonly ColumnOf<Version>[] = [
  { head: "VERSION", cell: ({ version }) => version },
  { head: "STATE", cell: ({ state, backdated }) => (backdated ? `${state} (backdated)` : state) },
  { head: "PROPOSED BY", cell: ({ proposed_by }) => proposed_by },
  { head: "APPROVED BY", cell: ({ approved_by }) => approved_by },
  { head: "FROM", cell: ({ in_force_from }) => in_force_from?.slice(0, 19) ?? null },
  { head: "TO", cell: ({ in_force_to }) => in_force_to?.slice(0, 19) ?? null },
  { head: "DIGEST", cell: ({ digest }) => digest?.slice(0, 16) ?? null },
];

/** `custody policy diff <kind> <name>` */
export function diffCommand(): Command {
  return reading(
    command(
      "diff",
      "what differs between two versions, or between the one in force and a file",
      "custody policy diff egress default --file allow-list.yaml",
    ),
  )
    .argument("<kind>")
    .argument("<name>")
    .option("--from <n>", "default: the version in force, where that is --to itself the one before")
    .option("--to <n>", "default: the newest")
    .option("--file <file>", "a document that was not proposed yet, instead of --to")
    .action(async (kind: string, name: string, flags: ReadFlags) => {
      const policy = await policyOf(flags, kind, name);
      const { file } = flags;
      const to = versionOf(policy, flags.to) ?? newest(policy);
      const before =
        versionOf(policy, flags.from) ??
        (file === undefined ? beforeOf(policy, to) : governing(policy));
      const differences = documentDiff(
        before.document,
        file === undefined ? to.document : documentIn(file),
      );
      const printer = printerOf(flags);
      printer.value({ from: before.version, differences }, () => {
        for (const { sign, path, value } of differences) {
          printer.line(printable(`${sign} ${path}: ${value}`));
        }
        if (differences.length === 0) printer.line("Nothing differs.");
      });
    });
}

async function policyOf(flags: ReadFlags, kind: string, name: string): Promise<WholePolicyAnswer> {
  const path = `/v1/policies/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
  return (await createApiClient(flags, process.env).get(path)) as WholePolicyAnswer;
}

/** The version asked for; none where none was. */
function versionOf(
  { versions }: WholePolicyAnswer,
  asked: string | undefined,
): Version | undefined {
  if (asked === undefined) return undefined;
  const found = versions.find(({ version }) => String(version) === asked);
  if (found === undefined) throw new Stop("usage", `there is no version ${asked}`);
  return found;
}

function newest({ versions }: WholePolicyAnswer): Version {
  const last = versions.at(-1);
  if (last === undefined) throw new Stop("usage", "there is no version of it");
  return last;
}

/** What counts; where nothing does, what was proposed last. */
function governing(policy: WholePolicyAnswer): Version {
  return policy.versions.find(({ state }) => state === "in_force") ?? newest(policy);
}

/** What a version is compared with: what is in force; of that itself, and where nothing is, what it follows. */
function beforeOf({ versions }: WholePolicyAnswer, to: Version): Version {
  const found =
    versions.find(({ state }) => state === "in_force" && to.state !== "in_force") ??
    versions.findLast(({ version }) => version < to.version);
  if (found === undefined)
    throw new Stop("usage", `nothing stands before version ${to.version}; compare with --file`);
  return found;
}

/** A document's text line by line, so that nothing in it can drive a terminal. */
function shownText(document: unknown): string {
  return stringify(document).trimEnd().split("\n").map(printable).join("\n");
}
