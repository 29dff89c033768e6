import { createInterface } from "node:readline/promises";
import { type ApiClient, type ApiFlags, createApiClient } from "../api-client.ts";
import { dataFolder } from "../data-folder.ts";
import { type AccountRow, accountRows } from "../doctor/attack/account.ts";
import { attack } from "../doctor/attack/attack.ts";
import { createAttacker } from "../doctor/attack/attacker.ts";
import type { AttackRow, Outcome } from "../doctor/attack/outcome.ts";
import { exitCodes, Stop } from "../exit-code.ts";
import type { Printer } from "../output/printer.ts";
import { printable } from "../output/table.ts";
import { printerOf } from "./command.ts";

export interface AttackFlags extends ApiFlags {
  readonly json?: boolean;
  readonly attack?: boolean;
  readonly agentKey?: string;
  readonly otlp?: string;
  readonly yes?: boolean;
}

const words: Readonly<Record<Outcome, string>> = {
  refused: "refused",
  claim: "its word",
  unchecked: "taken",
  unclear: "UNCLEAR",
  succeeded: "SUCCEEDED",
};

/** `custody doctor --attack`: what an agent under this account could forge. Exit 1 where one attempt did not end as it must. */
export async function runAttack(flags: AttackFlags): Promise<void> {
  await agreed(flags);
  const env = process.env;
  const bases = {
    collector: trimmed(flags.otlp ?? env["CUSTODY_OTLP"] ?? "http://127.0.0.1:4318"),
    api: trimmed(flags.api ?? env["CUSTODY_API"] ?? "http://127.0.0.1:4319"),
  };
  const agentKey = flags.agentKey ?? env["CUSTODY_AGENT_KEY"];
  const attackers = [undefined, ...(agentKey === undefined ? [] : [agentKey])].map((key) =>
    createAttacker(bases, key),
  );
  const { session, attempts } = await attack(attackers, readerOf(flags));
  const account = accountRows(dataFolder(flags.data, env));
  const faults = attempts.filter(({ ok }) => !ok).length;
  const printer = printerOf(flags);
  printer.value({ session, faults, attempts, account }, () => {
    printAttempts(printer, attempts);
    printAccount(printer, account);
    printer.line(
      `${attempts.length} attempts, ${faults} not as it must be. Their records stay, under session ${session}.`,
    );
  });
  if (faults > 0) process.exitCode = exitCodes.no;
}

const trimmed = (url: string): string => url.replace(/\/$/, "");

/** Reading back takes a key that may read; an account without one still learns what was refused. */
function readerOf(flags: AttackFlags): ApiClient | undefined {
  try {
    return createApiClient(flags, process.env);
  } catch (error) {
    if (error instanceof Stop && error.code === exitCodes.refused) return undefined;
    throw error;
  }
}

/** Records cannot be taken back, so somebody must want them. */
async function agreed({ yes }: AttackFlags): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) {
    throw new Stop(
      "usage",
      "the attempts write records, which are permanent; say --yes to make them",
    );
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(
    "The attempts write records under a session `doctor-attack-…`, which are permanent. Make them? [y/N] ",
  );
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Stop("usage", "nothing was tried");
}

function printAttempts(printer: Printer, attempts: readonly AttackRow[]): void {
  const width = Math.max(...Object.values(words).map(({ length }) => length));
  for (const { outcome, as, name, tries, said } of attempts) {
    printer.line(`${words[outcome].padEnd(width)}  ${as.padEnd(9)}  ${name}: ${tries}`);
    printer.line(`${" ".repeat(width + 13)}${printable(said)}`);
  }
}

function printAccount(printer: Printer, account: readonly AccountRow[]): void {
  const open = account.filter(({ outcome }) => outcome === "open");
  printer.line("");
  if (open.length === 0) {
    printer.line("This account reaches no part of Custody's data that was looked at.");
    return;
  }
  printer.line(
    "This account, and so an agent under it, could rewrite Custody's records. Run Custody under another account:",
  );
  for (const { could, path, said } of open) printer.line(`  can ${could} ${path}: ${said}`);
}
