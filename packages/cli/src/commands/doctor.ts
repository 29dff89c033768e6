import type { AgentsAnswer, DriftAnswer, ServerStatus } from "@custody/query-api";
import type { Command } from "commander";
import { createApiClient } from "../api-client.ts";
import { dataFolder } from "../data-folder.ts";
import { diagnose, type Patient } from "../doctor/checks.ts";
import { exitCodes } from "../exit-code.ts";
import { type AttackFlags, runAttack } from "./attack.ts";
import { command, printerOf, reading } from "./command.ts";

const dayMs = 86_400_000;
/** Sessions of the last day that are read whole: somebody waits for the answer. */
const sessions = "40";
const marks = { ok: "ok   ", note: "note ", fault: "FAULT" } as const;

/** `custody doctor`: says what is wrong and what to do. Exit 1 where there is a fault. */
export function doctorCommand(): Command {
  return reading(
    command("doctor", "say what is wrong, and what to do", "custody doctor --data ~/custody-data"),
  )
    .option(
      "--attack",
      "try, from this account, what a hostile agent could forge; writes records marked as the doctor's, which are permanent",
    )
    .option("--agent-key <key>", "with --attack: try as its holder too; default CUSTODY_AGENT_KEY")
    .option(
      "--otlp <url>",
      "with --attack: collector; default http://127.0.0.1:4318, or CUSTODY_OTLP",
    )
    .option("--yes", "with --attack: do not ask first")
    .action((flags: AttackFlags) => (flags.attack === true ? runAttack(flags) : examine(flags)));
}

async function examine(flags: AttackFlags): Promise<void> {
  const diagnoses = diagnose(await patientOf(flags));
  printerOf(flags).value({ checks: diagnoses }, () => {
    for (const { check, verdict, said } of diagnoses) {
      process.stdout.write(`${marks[verdict]} ${check}: ${said}\n`);
    }
  });
  if (diagnoses.some(({ verdict }) => verdict === "fault")) process.exitCode = exitCodes.no;
}

async function patientOf(flags: AttackFlags): Promise<Patient> {
  const data = dataFolder(flags.data, process.env);
  const patient = {
    data,
    api: flags.api ?? process.env["CUSTODY_API"] ?? "http://127.0.0.1:4319",
    nodeVersion: process.versions.node,
    uid: process.getuid?.(),
  };
  let status: ServerStatus | undefined;
  try {
    const client = createApiClient(flags, process.env);
    status = (await client.get("/v1/status")) as ServerStatus;
    const from = new Date(Date.now() - dayMs).toISOString();
    const agents = (await client.get("/v1/agents", { from, sessions })) as AgentsAnswer;
    const drift = (await client.get("/v1/drift", { from })) as DriftAnswer;
    return { ...patient, status, trouble: undefined, agents, drift };
  } catch (error) {
    // A doctor who is not answered says so and goes on with what was answered before, and what the folder tells.
    const trouble = error instanceof Error ? error.message : String(error);
    return { ...patient, status, trouble, agents: undefined, drift: undefined };
  }
}
