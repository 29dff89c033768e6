import type { Evidence, ReadRecord, Sign } from "./attempt.ts";

/** A record that was just heard; the clocks of the server and of this account may differ. */
const heardWithinMs = 600_000;

const every = (
  shows: string,
  holds: (record: ReadRecord, evidence: Evidence) => boolean,
): Sign => ({
  shows,
  holds: (evidence) => evidence.records.every((record) => holds(record, evidence)),
});

const some = (shows: string, holds: (record: ReadRecord) => boolean): Sign => ({
  shows,
  holds: ({ records }) => records.some(holds),
});

/** What must hold of everything that came in over an agent's credential or over none. */
export const always: readonly Sign[] = [
  every("graded reported", ({ record }) => ["reported", "inferred"].includes(record.grade)),
  every("under its own credential", ({ record }) =>
    ["agent", "none"].includes(record.src.auth.kind),
  ),
  every(
    "heard now",
    ({ record }, { scene }) => Math.abs(Date.parse(record.rx) - scene.at) < heardWithinMs,
  ),
  every("no approver", ({ record }) => record.body["approver"] === undefined),
  every("no person as its actor", ({ record }) => record.actor?.type !== "human"),
];

/** Custody's own words, which no sender may say. */
const ownClasses: ReadonlySet<string> = new Set([
  "policy",
  "link",
  "finding",
  "access",
  "seal",
  "change",
]);

export const signs = {
  approvalStaysClaim: some(
    "the approver is a pseudonymised claim",
    ({ class: name, record }) =>
      name === "approval" && /^usr_/.test(record.attrs?.["claimed.approver.principal"] ?? ""),
  ),
  noApprover: {
    shows: "the action names no approver",
    holds: ({ action }) => action?.approvals.every(({ approver }) => approver === null) ?? false,
  },
  attestedByAgent: some(
    "attested by the agent",
    ({ class: name, record }) => name === "sandbox" && record.body["attested_by"] === "agent",
  ),
  viaAgent: some(
    "seen by the agent",
    ({ class: name, record }) => name === "egress" && record.body["via"] === "agent",
  ),
  nothingOfOurs: {
    shows: "kept as opaque, none of Custody's own records",
    holds: ({ records }) =>
      records.every(({ class: name }) => !ownClasses.has(name)) &&
      records.some(({ class: name }) => name === "opaque"),
  },
  notContestedAway: {
    shows: "its words about us changed nothing",
    holds: ({ records, action }) =>
      action?.contested === false &&
      records.every(({ class: name }) => !ownClasses.has(name) && name !== "integrity"),
  },
  ownTenant: every("in the credential's tenant", ({ record }) => record.tenant !== foreignTenant),
  claimedUser: every("the person is a pseudonymised claim", ({ record }) =>
    /^usr_/.test(record.attrs?.["claimed.user.email"] ?? ""),
  ),
  noName: every(
    "nobody's name in clear",
    ({ record }) => !JSON.stringify(record).includes(somebody),
  ),
  tierOfArguments: {
    shows: "the tier is of what was run",
    holds: ({ action }) => (action?.tier ?? 0) >= 2,
  },
  contested: {
    shows: "the action is contested",
    holds: ({ action }) => action?.contested === true,
  },
  bothVerdicts: {
    shows: "both accounts are kept",
    holds: ({ records }) =>
      ["allow", "deny"].every((verdict) =>
        records.some(
          ({ class: name, record }) => name === "approval" && record.body["verdict"] === verdict,
        ),
      ),
  },
  heardAfter: {
    shows: "the approval is marked as heard after the execution, and does not stand",
    holds: ({ action }) =>
      action?.approvals.some(
        ({ standing }) =>
          standing?.valid === false && standing.why.includes("heard_after_execution"),
      ) ?? false,
  },
  numberTwice: {
    shows: "both that came under one number are kept",
    holds: ({ records }) => records.filter(({ record }) => record.src.seq === 1).length === 2,
  },
  fillerIsLate: {
    shows: "what fills the gap is placed when it was heard",
    holds: ({ records }) => {
      const heard = (seq: number): string =>
        records.find(({ record }) => record.src.seq === seq)?.record.rx ?? "";
      return heard(2) >= heard(3) && heard(3) !== "";
    },
  },
  saidIn: (year: string): Sign =>
    some(`${year} is what its sender said, beside when it was heard`, ({ record }) =>
      record.ts.startsWith(year),
    ),
} as const satisfies Readonly<Record<string, Sign | ((year: string) => Sign)>>;

/** Whom the attempts pretend to be. */
export const somebody = "doctor-attack@example.invalid";
export const foreignTenant = "doctor-attack-tenant";
