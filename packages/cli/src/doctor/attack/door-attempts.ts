import type { AttackRequest, DoorAttempt, Scene } from "./attempt.ts";

/** Every path under `/v1/egress/`. */
export const attackedSources: readonly string[] = [
  "smokescreen",
  "squid",
  "envoy",
  "hubble",
  "tetragon",
  "falco",
  "ocsf",
  "har",
  "ndjson",
];

const timeOf = ({ at }: Scene): string => new Date(at).toISOString();

const toCollector = (method: "POST" | "PUT", path: string, body: unknown): AttackRequest => ({
  to: "collector",
  method,
  path,
  body,
});

const egressLine = (scene: Scene): string =>
  `${JSON.stringify({
    ts: timeOf(scene),
    host: "doctor-attack.invalid",
    port: 443,
    protocol: "https",
    action: "allowed",
    session: scene.session,
  })}\n`;

const refused = "refused: 401 without a key, 403 with an agent's";
const refusedOrAbsent = `${refused}; 404 where this release has no such path`;

/** What only an observer or an authority may write, and what only a reader may read. A body that got through would do no more than leave its mark. */
export const doorAttempts: readonly DoorAttempt[] = [
  {
    name: "approve",
    tries: "to approve an action as a person",
    comes: refused,
    request: (scene) =>
      toCollector("POST", "/v1/approvals", {
        verdict: "allow",
        session: scene.session,
        call: scene.call,
        decided_at: timeOf(scene),
        channel: "doctor-attack",
      }),
  },
  {
    name: "attest-sandbox",
    tries: "to attest a sandbox as its runtime",
    comes: refused,
    request: (scene) =>
      toCollector("PUT", `/v1/sandboxes/${scene.session}`, {
        event: "start",
        ts: timeOf(scene),
        session: scene.session,
        mode: "locked",
      }),
  },
  {
    name: "report-violation",
    tries: "to report a sandbox violation as its runtime",
    comes: refused,
    request: (scene) =>
      toCollector("POST", `/v1/sandboxes/${scene.session}/violations`, {
        ts: timeOf(scene),
        session: scene.session,
        kind: "write",
        target: "doctor-attack",
      }),
  },
  {
    name: "report-commit",
    tries: "to report a reviewed commit as version control",
    comes: refused,
    request: (scene) =>
      toCollector("POST", "/v1/changes", {
        repo: "doctor-attack",
        commit: "0123456789abcdef0123456789abcdef01234567",
        message: `doctor-attack\n\nAgent-Session: ${scene.session}\n`,
        reviewers: [{ id: "doctor-attack", kind: "human", verdict: "approved" }],
      }),
  },
  {
    name: "propose-policy",
    tries: "to propose an allow-list",
    comes: refused,
    request: ({ session }) =>
      toCollector("PUT", `/v1/policies/egress/${session}`, {
        document: { default: "deny", rules: [] },
      }),
  },
  {
    name: "approve-policy",
    tries: "to approve a policy",
    comes: refused,
    request: ({ session }) => toCollector("POST", `/v1/policies/egress/${session}/1/approve`, {}),
  },
  ...attackedSources.map(
    (source): DoorAttempt => ({
      name: `egress-${source}`,
      tries: `to report a flow as a proxy, in the words of ${source}`,
      comes: refused,
      request: (scene) => toCollector("POST", `/v1/egress/${source}`, egressLine(scene)),
    }),
  ),
  {
    name: "report-change",
    tries: "to link a commit to a session",
    comes: refused,
    request: ({ session }) =>
      toCollector("POST", "/v1/changes", { repo: session, commit: "0".repeat(40), session }),
  },
  {
    name: "set-expected",
    tries: "to say which agents should report",
    comes: refused,
    request: () => toCollector("PUT", "/v1/expected", {}),
  },
  {
    name: "import-sandboxes",
    tries: "to say as a container runtime which sandboxes ran",
    comes: refused,
    request: () => toCollector("POST", "/v1/import/sandbox-runtime", ""),
  },
  {
    name: "import",
    tries: "to import an inventory of devices",
    comes: refusedOrAbsent,
    unbuilt: true,
    request: () => toCollector("POST", "/v1/import/mdm-inventory", ""),
  },
  {
    name: "close-finding",
    tries: "to say of a finding that it is nothing",
    comes: refused,
    request: () => ({
      to: "api",
      method: "POST",
      path: `/v1/findings/${"0".repeat(32)}/disposition`,
      body: { status: "triaged", disposition: "false", reason: "doctor-attack" },
    }),
  },
  {
    name: "make-key",
    tries: "to make a key",
    comes: refused,
    request: ({ session }) => ({
      to: "api",
      method: "POST",
      path: "/v1/keys",
      body: { kind: "agent", subject: session },
    }),
  },
  {
    name: "read-records",
    tries: "to read what is held about others",
    comes: refused,
    request: () => ({ to: "api", method: "GET", path: "/v1/records?limit=1" }),
  },
  {
    name: "export",
    tries: "to export evidence",
    comes: refused,
    request: ({ at }) => ({
      to: "api",
      method: "POST",
      path: "/v1/exports",
      body: {
        framework: "soc2",
        from: new Date(at - 1_000).toISOString(),
        to: new Date(at).toISOString(),
        purpose: "doctor-attack",
      },
    }),
  },
];
