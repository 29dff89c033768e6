import { existsSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AgentsAnswer, DriftAnswer, ServerStatus } from "@custody/query-api";
import { checkNotInWorkTree } from "../data-folder.ts";
import { Stop } from "../exit-code.ts";
import { diagnoseAgents } from "./agent-checks.ts";
import { diagnoseCrossChecks } from "./cross-check.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { diagnoseDrift } from "./drift.ts";

/** What the doctor could find out before asking itself anything. */
export interface Patient {
  readonly data: string;
  readonly api: string;
  readonly nodeVersion: string;
  /** The account this command runs under; undefined where the platform has none. */
  readonly uid: number | undefined;
  /** Undefined: nothing answered. */
  readonly status: ServerStatus | undefined;
  /** Why a question was not answered. */
  readonly trouble: string | undefined;
  /** Those of the last day, as far as its newest sessions show them. */
  readonly agents: AgentsAnswer | undefined;
  readonly drift: DriftAnswer | undefined;
}

const freeBytesMin = 1_073_741_824;
const lagMsMax = 10_000;

type Check = (patient: Patient) => Omit<Diagnosis, "check"> | undefined;

/** One row a question, in the order in which the answers matter. */
const checks: readonly (readonly [name: string, check: Check])[] = [
  [
    "node",
    ({ nodeVersion }) => {
      const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
      return major > 20 || (major === 20 && minor >= 19)
        ? ok(`Node ${nodeVersion}`)
        : fault(`Node ${nodeVersion} is too old; install 20.19 or newer`);
    },
  ],
  [
    "data folder",
    ({ data }) => {
      if (!existsSync(data))
        return fault(
          `${data} does not exist; \`custody up\` makes it, or name another with --data`,
        );
      try {
        checkNotInWorkTree(data, false);
      } catch (error) {
        if (error instanceof Stop) return fault(error.message);
        throw error;
      }
      return (statSync(data).mode & 0o077) === 0
        ? ok(data)
        : fault(`${data} is open to other accounts; chmod 700 it`);
    },
  ],
  [
    "admin key",
    ({ data }) => {
      const path = join(data, "admin.key");
      if (!existsSync(path))
        return note(`${path} is not there; fine if you keep the key elsewhere`);
      return (statSync(path).mode & 0o077) === 0
        ? ok("readable by its owner alone")
        : fault(`${path} is open to other accounts; chmod 600 it`);
    },
  ],
  [
    "disk",
    ({ data }) => {
      if (!existsSync(data)) return undefined;
      const { bavail, bsize } = statfsSync(data);
      const free = bavail * bsize;
      const said = `${(free / 2 ** 30).toFixed(1)} GiB free`;
      return free >= freeBytesMin
        ? ok(said)
        : fault(`${said}; below 1 GiB the collector will soon refuse what agents send`);
    },
  ],
  [
    "server",
    ({ status, trouble, api }) =>
      status === undefined
        ? fault(`${trouble ?? "no answer"} (${api})`)
        : ok(`version ${status.version}, ${status.store} engine`),
  ],
  [
    "readiness",
    ({ status }) =>
      status && (status.reasons.length === 0 ? ok("ready") : fault(status.reasons.join("; "))),
  ],
  [
    // A collector that is full, or whose store is out, refuses to read records and answers of itself all the same.
    "records",
    ({ status, trouble }) =>
      status && trouble !== undefined ? fault(`cannot be read: ${trouble}`) : undefined,
  ],
  [
    "store",
    ({ status }) => {
      if (status === undefined) return undefined;
      const lag = Math.max(0, ...status.ledgers.map(({ store_lag_ms }) => store_lag_ms));
      return lag <= lagMsMax
        ? ok(`everything acknowledged is stored within ${lag} ms`)
        : fault(
            `the oldest acknowledged record has waited ${Math.round(lag / 1000)} s for the store; see the collector's log`,
          );
    },
  ],
  ["journal", ({ status }) => status && journalOf(status.journal)],
  [
    "keys",
    ({ status }) =>
      status &&
      (status.require_key
        ? ok("required everywhere")
        : note(
            "OTLP is taken without a key on this machine; anything here can send. Set require_key to change that",
          )),
  ],
  ["rules", ({ status }) => status && rulesOf(status.findings)],
  ["alerts", ({ status }) => status && alertsOf(status.findings)],
  [
    "account",
    ({ data, uid }) => {
      if (uid === undefined || !existsSync(data)) return undefined;
      return statSync(data).uid === uid
        ? note(
            "Custody's data belongs to the account this command runs under; an agent under the same account could rewrite it. Run Custody under another account",
          )
        : ok("Custody's data belongs to another account");
    },
  ],
  [
    "anchor",
    ({ status }) =>
      status &&
      note("no anchor outside the operator's control exists: bundles say so in their first line"),
  ],
  [
    "telemetry",
    ({ agents }) => {
      if (agents === undefined) return undefined;
      const { sessions, all } = agents.looked_at;
      return sessions > 0
        ? ok(
            `${sessions}${all ? "" : " or more"} session(s) in the last day; \`custody posture\` scores them, \`custody completeness\` says what is missing`,
          )
        : note(
            "no session in the last day; `custody connect <agent>` prints the settings that make one report here",
          );
    },
  ],
];

/** Full is a matter of readiness; that it will be is said here. */
function journalOf(journal: ServerStatus["journal"]): Omit<Diagnosis, "check"> {
  const { bytes, bytes_max, full_in_s, warnings } = journal;
  const share = `${Math.ceil((bytes / bytes_max) * 100)} % of its ${(bytes_max / 2 ** 20).toFixed(0)} MiB are used`;
  if (warnings.length > 0)
    return fault(
      `${warnings.join("; ")}; ${share}. See why the store does not take what waits, or set journal_bytes_max higher`,
    );
  return ok(full_in_s === null ? share : `${share}; at this pace full in ${full_in_s} s`);
}

function rulesOf({ rules, look_failures }: ServerStatus["findings"]): Omit<Diagnosis, "check"> {
  const said = `${rules} rules are asked of what comes in; \`custody query findings\` lists what they found`;
  return look_failures === 0
    ? ok(said)
    : fault(`${said}; ${look_failures} look(s) failed since the start and are made again`);
}

function alertsOf(findings: ServerStatus["findings"]): Omit<Diagnosis, "check"> {
  const { alert_targets, alerts_pending, alert_failures, alerts_given_up } = findings;
  if (alert_targets === 0)
    return note("nobody is told of findings; name a webhook or a syslog receiver under `alerts`");
  const counts = `${alerts_pending} wait, ${alert_failures} deliveries failed since the start`;
  if (alerts_given_up > 0)
    return fault(
      `${alerts_given_up} alert(s) were given up; ${counts}. Their records: \`custody query records --where class=integrity --where kind=alert\``,
    );
  return alerts_pending > 0 && alert_failures > 0 ? fault(counts) : ok(counts);
}

/** Every question that can be asked of this patient, answered. */
export function diagnose(patient: Patient): readonly Diagnosis[] {
  const answers = checks.flatMap(([check, ask]) => {
    const answer = ask(patient);
    return answer === undefined ? [] : [{ check, ...answer }];
  });
  const drift = patient.drift === undefined ? [] : diagnoseDrift(patient.drift);
  return [
    ...answers,
    ...drift,
    ...diagnoseCrossChecks(patient.agents),
    ...diagnoseAgents(patient.agents),
  ];
}

function ok(said: string): Omit<Diagnosis, "check"> {
  return { verdict: "ok", said };
}
function note(said: string): Omit<Diagnosis, "check"> {
  return { verdict: "note", said };
}
function fault(said: string): Omit<Diagnosis, "check"> {
  return { verdict: "fault", said };
}
