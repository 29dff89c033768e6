import { hash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ActionView, canonicalText, type Page, type SessionView } from "@custody/model";
import { printReport } from "@custody/verify";
import { configSchema } from "../config.ts";
import { Stop } from "../exit-code.ts";
import type { Printer } from "../output/printer.ts";
import { writeExport } from "../runtime/export.ts";
import { type Served, startServing } from "../runtime/serve.ts";
import { verifyFile } from "../runtime/verify-file.ts";
import { makePeople, type People } from "./people.ts";
import { demoConfinement, demoPolicies } from "./policies.ts";
import { writeTampered } from "./tampered.ts";
import { letAgentWork } from "./work.ts";

/** The one session of the demo, and how many tool calls its script makes. */
const demoSession = "demo-session-1";
const demoCalls = 8;
const settleMsMax = 30_000;
const settlePollMs = 200;

/**
 * The whole river once: an agent with one import works; a person refuses, a proxy blocks, something runs unapproved; the period is exported
 * and verified; one byte is changed, and the verification says so. Answers whether everything came out as it must.
 */
export async function runDemo(printer: Printer, keep: string | undefined): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "custody-demo-"));
  const config = configSchema.parse({ otlp_port: 0, grpc_port: 0, api_port: 0 });
  const served = await startServing(join(folder, "data"), config);
  try {
    return await shown(printer, served, keep ?? join(folder, "evidence.zip"));
  } finally {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function shown(printer: Printer, served: Served, bundle: string): Promise<boolean> {
  const began = new Date(Date.now() - 1000).toISOString();
  printer.line(`Custody runs on ${served.otlp} (agents) and ${served.api} (people).\n`);
  const adminKey = readFileSync(served.runtime.adminKeyFile, "utf8").trim();
  const people = await makePeople(served.otlp, served.api, adminKey);
  const policyDigest = await publishPolicies(printer, people);
  await attest(printer, people, "start");
  printer.line("3. The agent works: an ordinary loop around a model, with one import more.");
  const work = await letAgentWork({
    people,
    otlp: served.otlp,
    session: demoSession,
    policyDigest,
  });
  for (const line of work.result.stdout.trimEnd().split("\n")) printer.line(`   | ${line}`);
  if (work.result.exitCode !== 0) {
    throw new Stop(
      "unreachable",
      `the scripted agent ended with ${work.result.exitCode}: ${work.result.stderr}`,
    );
  }
  printer.line(`   The proxy shipped ${work.flows} lines of its log under its own key.\n`);
  await attest(printer, people, "stop");
  await printSession(printer, people, await settled(people));
  await exportPeriod(printer, served, bundle, began);
  return verifyTwice(printer, bundle);
}

async function publishPolicies(printer: Printer, people: People): Promise<string> {
  const configDigest = confinementDigest();
  const documents = {
    egress: demoPolicies.egress,
    tiers: demoPolicies.tiers,
    sandbox: demoPolicies.sandbox(configDigest),
  };
  let egressDigest = "";
  for (const [kind, document] of Object.entries(documents)) {
    // One policy after another: each is proposed, then approved by somebody else.
    const { version, digest } = await people.alice.put(`/v1/policies/${kind}/default`, {
      document,
    });
    await people.bob.post(`/v1/policies/${kind}/default/${version}/approve`, {});
    if (kind === "egress") egressDigest = String(digest);
  }
  printer.line(
    "1. Alice proposed an allow-list, a tier table and a sandbox profile; Bob approved them.",
  );
  return egressDigest;
}

function confinementDigest(): string {
  return hash("sha256", canonicalText(demoConfinement), "hex");
}

async function attest(printer: Printer, people: People, event: "start" | "stop"): Promise<void> {
  await people.launcher.put("/v1/sandboxes/demo-sandbox", {
    event,
    ts: new Date().toISOString(),
    session: demoSession,
    profile: "demo-workspace",
    mode: "workspace-write",
    backend: "demo-launcher",
    config_digest: confinementDigest(),
    escapes_allowed: false,
    network: "proxy_only",
  });
  if (event === "start")
    printer.line("2. The launcher attested the sandbox it made, under its own key.");
}

/** Waits until every call is stored and both flows are tied to theirs. */
async function settled(people: People): Promise<readonly ActionView[]> {
  for (let waited = 0; waited <= settleMsMax; waited += settlePollMs) {
    const page = (await people.admin.get(`/v1/sessions/${demoSession}/actions`).catch(() => ({
      items: [],
    }))) as unknown as Page<ActionView>;
    const flows = page.items.reduce((sum, action) => sum + action.egress.length, 0);
    if (page.items.length === demoCalls && flows === 2) return [...page.items].reverse();
    await new Promise((done) => setTimeout(done, settlePollMs));
  }
  throw new Stop("unreachable", "the session did not settle in time");
}

async function printSession(
  printer: Printer,
  people: People,
  actions: readonly ActionView[],
): Promise<void> {
  const session = (await people.admin.get(`/v1/sessions/${demoSession}`)) as unknown as SessionView;
  printer.line("4. What an investigator sees:");
  printer.table(actions, [
    { head: "  CALL", cell: (row) => `  ${row.call}` },
    { head: "TOOL", cell: (row) => row.tool },
    { head: "TIER", cell: (row) => row.tier },
    {
      head: "APPROVAL",
      cell: (row) =>
        row.approvals
          .map(({ verdict, approver, by }) => `${verdict} by ${approver ?? by}`)
          .join(", ") || "none",
    },
    {
      head: "EGRESS",
      cell: (row) =>
        row.egress.map(({ host, action, grade }) => `${host} ${action} (${grade})`).join(", ") ||
        "-",
    },
    { head: "STATUS", cell: (row) => row.outcome.status },
  ]);
  const { counts, sandbox } = session;
  printer.line(
    `   ${counts.tool_calls} tool calls, ${counts.denied} denied, ${counts.blocked} blocked; sandbox ${sandbox?.mode} (${sandbox?.grade}).\n`,
  );
}

async function exportPeriod(
  printer: Printer,
  { runtime }: Served,
  out: string,
  from: string,
): Promise<void> {
  const summary = await writeExport(
    runtime,
    {
      tenant: runtime.config.tenant,
      requestedBy: "admin",
      framework: "soc2",
      from,
      to: new Date(Date.now() + 1000).toISOString(),
      controls: [],
      purpose: "demo",
    },
    out,
    () => undefined,
  );
  printer.line(`5. The period as SOC 2 evidence. ${summary.blind_spots[0] ?? ""}`);
  printer.table(summary.controls, [
    { head: "  CONTROL", cell: (row) => `  ${row.id}` },
    { head: "TITLE", cell: (row) => row.title, widthMax: 42 },
    { head: "IN SCOPE", cell: (row) => row.in_scope },
    { head: "EXCEPTIONS", cell: (row) => row.exceptions },
    { head: "RESULT", cell: (row) => row.result },
  ]);
  printer.line("");
}

/** The untouched bundle must hold, and the changed one must not. */
async function verifyTwice(printer: Printer, bundle: string): Promise<boolean> {
  const sound = await verifyFile(bundle);
  printer.line("6. Verified offline, with nothing but the file:");
  for (const line of printReport(sound).split("\n").slice(0, 3)) printer.line(`   ${line}`);
  const changed = `${bundle}.changed.zip`;
  // The unapproved installation, made to look like another package: one byte of one row.
  await writeTampered(bundle, changed, {
    path: "records/tool_call.jsonl",
    find: "package_install",
    replace: "package_Install",
  });
  const broken = await verifyFile(changed);
  rmSync(changed, { force: true });
  printer.line("\n7. One byte of one record changed, and verified again:");
  for (const { code, sentence, where } of broken.findings.slice(0, 4)) {
    printer.line(`   REFUSED ${code}: ${sentence} (${where})`);
  }
  const held = sound.level !== "failed" && broken.level === "failed";
  printer.value({ verified: sound.level, changed: broken.level, findings: broken.findings }, () =>
    printer.line(held ? "\nThe changed bundle was refused." : "\nThis is not what must happen."),
  );
  return held;
}
