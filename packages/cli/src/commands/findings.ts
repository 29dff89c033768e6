import type { FindingView } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiClient, type ApiFlags, createApiClient } from "../api-client.ts";
import { command, group, printerOf, reading } from "./command.ts";

interface SayFlags extends ApiFlags {
  readonly json?: boolean;
  readonly disposition?: string;
  readonly reason: string;
  readonly owner?: string;
}

interface Step {
  readonly status: "triaged" | "contained" | "closed";
  readonly disposition?: string | undefined;
  readonly reason: string;
  readonly owner?: string | undefined;
}

/** `custody findings triage|contain|close`: what a person says of a finding, under that person's key. */
export function findingsCommand(): Command {
  const findings = group(
    "findings",
    "say what findings are and when they are dealt with; `custody query findings` lists them",
    "custody findings close 3f1c… --disposition benign --reason 'agreed in OPS-12' --key $BOB",
  );
  findings.addCommand(
    saying("triage", "say what a finding is: true, benign or false", "--disposition true").action(
      async (id: string, flags: SayFlags) => {
        await say(flags, id, [stepOf("triaged", flags)]);
      },
    ),
  );
  findings.addCommand(
    saying("contain", "say that it does no more harm, after it was triaged", "").action(
      async (id: string, flags: SayFlags) => {
        await say(flags, id, [stepOf("contained", flags)]);
      },
    ),
  );
  findings.addCommand(
    saying(
      "close",
      "say that it is dealt with; with a disposition it is triaged first",
      "--disposition false",
    ).action(async (id: string, flags: SayFlags) => {
      const client = createApiClient(flags, process.env);
      const { status, reopened } = (await client.get(pathOf(id))) as FindingView;
      const isNew = status === "open" || reopened;
      const first = isNew && flags.disposition !== undefined ? [stepOf("triaged", flags)] : [];
      await say(flags, id, [...first, stepOf("closed", flags)], client);
    }),
  );
  return findings;
}

function saying(name: string, description: string, option: string): Command {
  return reading(
    command(
      name,
      description,
      `custody findings ${name} 3f1c… ${option} --reason 'a test host of ours' --key $BOB`.replace(
        "  ",
        " ",
      ),
    ),
  )
    .argument("<id>", "the finding")
    .option("--disposition <word>", "true, benign or false")
    .requiredOption("--reason <text>", "why; kept as content")
    .option("--owner <person>", "who takes care of it");
}

function stepOf(status: Step["status"], { disposition, reason, owner }: SayFlags): Step {
  return { status, disposition, reason, owner };
}

async function say(
  flags: SayFlags,
  id: string,
  steps: readonly Step[],
  client: ApiClient = createApiClient(flags, process.env),
): Promise<void> {
  const printer = printerOf(flags);
  for (const step of steps) {
    // One step after another: each is judged by what was said before it.
    const answer = await stepTaken(client, id, step);
    printer.value(answer, () => printer.line(`Finding ${id} is ${answer.status}.`));
  }
}

interface Said {
  readonly record_id: string;
  readonly status: string;
}

/** How long a step waits until the one before it can be read. */
const readableMsMax = 10_000;

/** What was said a moment ago is stored a moment later. */
async function stepTaken(client: ApiClient, id: string, step: Step): Promise<Said> {
  const answer = (await client.post(`${pathOf(id)}/disposition`, step)) as Said;
  const until = Date.now() + readableMsMax;
  while (Date.now() < until) {
    const { history } = (await client.get(pathOf(id))) as FindingView;
    if (history.some(({ record_id }) => record_id === answer.record_id)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return answer;
}

function pathOf(id: string): string {
  return `/v1/findings/${encodeURIComponent(id)}`;
}
