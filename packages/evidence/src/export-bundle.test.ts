import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Row, StoreReader } from "@custody/model";
import { type BundleReader, openZip, parseManifest, readText, verifyBundle } from "@custody/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkSignature, sha256 } from "../../../test/support/crypto.ts";
import { loadCatalogue } from "./catalogue.ts";
import type { ExportSummary } from "./export-bundle.ts";
import { at, credentials, type FixtureRecord } from "./fixture-store.test-suite.ts";
import { openWorkbench, type Workbench } from "./workbench.test-suite.ts";

const egressDigest = "e1".repeat(32);
const sandboxDigest = "5a".repeat(32);
const configDigest = "c1".repeat(32);

function policy(kind: "egress" | "sandbox", digest: string, document: object): FixtureRecord[] {
  const named = { kind, name: "default", version: 1, digest, author: "alice" } as const;
  return [
    {
      class: "policy",
      ts: at("08:00", "2026-11-01"),
      auth: credentials.alice,
      grade: "observed",
      body: { event: "proposed", ...named, document: { ...document } },
    },
    {
      class: "policy",
      ts: at("09:00", "2026-11-01"),
      auth: credentials.bob,
      grade: "observed",
      body: { event: "approved", ...named, approver: "bob" },
    },
  ];
}

const session = (name: string, event: "start" | "end", time: string): FixtureRecord => ({
  class: "session",
  ts: at(time),
  session: name,
  body: { event },
});

const attest = (name: string): FixtureRecord => ({
  class: "sandbox",
  ts: at("10:00:30"),
  session: name,
  auth: credentials.runtime,
  grade: "observed",
  body: {
    event: "start",
    profile: "strict",
    config_digest: configDigest,
    attested_by: "runtime",
    escapes_allowed: false,
  },
});

/** Decision at hh:mm:00, verdict at :10, execution from :20 to :30, each heard when it happened. */
function action(
  name: string,
  call: string,
  minute: string,
  change: {
    verdict?: "allow" | "deny" | "none";
    at?: string;
    status?: "denied";
    risk?: string;
  } = {},
): FixtureRecord[] {
  const place = { session: name, call } as const;
  const shell = {
    tool: "shell",
    kind: "exec",
    arguments_state: "reported",
    ...(change.risk === undefined ? {} : { risk: [change.risk], classifier: "custody/1" }),
  } as const;
  const said: FixtureRecord = {
    class: "approval",
    ts: at(`${minute}:${change.at ?? "10"}`),
    ...place,
    body: {
      verdict: change.verdict === "deny" ? "deny" : "allow",
      by: "human",
      scope: "once",
      raw: "approved/User",
      primary: true,
    },
  };
  const done: FixtureRecord = {
    class: "tool_call",
    ts: at(`${minute}:30`),
    ...place,
    body: {
      ...shell,
      event: "result",
      status: change.status ?? "executed",
      ...(change.status === undefined ? { exec_start: at(`${minute}:20`) } : {}),
      primary: true,
    },
  };
  return [
    { class: "decision", ts: at(`${minute}:00`), ...place, body: shell },
    ...(change.verdict === "none" ? [] : [said]),
    done,
  ];
}

function flow(
  name: string,
  host: string,
  action: "allowed" | "denied",
  isSeen = true,
): FixtureRecord {
  return {
    class: "egress",
    ts: at("10:50"),
    session: name,
    auth: isSeen ? credentials.proxy : credentials.agent,
    grade: isSeen ? "observed" : "reported",
    body: {
      host,
      port: 443,
      protocol: "https",
      action,
      via: isSeen ? "proxy" : "agent",
      ...(isSeen ? { policy_digest: egressDigest } : {}),
    },
  };
}

/** What happened on the second of November, in the order it was heard. */
const day: readonly FixtureRecord[] = [
  ...["s1", "s2", "s3"].map((name) => session(name, "start", "10:00")),
  attest("s1"),
  attest("s2"),
  ...["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].flatMap((minute) =>
    action("s1", `c${minute}`, `10:${minute}`),
  ),
  ...action("s2", "c1", "10:21", { verdict: "none" }),
  ...action("s2", "c2", "10:22", { verdict: "deny", status: "denied" }),
  ...action("s2", "c3", "10:23", { at: "25" }),
  ...action("s2", "c4", "10:24", { verdict: "none", risk: "read_only" }),
  ...action("s3", "c<script>alert(1)</script>", "10:25"),
  ...[1, 2, 3, 4, 5].map(() => flow("s1", "pypi.org", "allowed")),
  flow("s2", "evil.example", "allowed"),
  flow("s2", "pypi.org", "allowed", false),
  flow("s2", "evil.example", "denied"),
  flow("s2", "worse.example", "denied"),
  session("s1", "end", "11:00"),
  session("s2", "end", "11:00"),
].sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));

let bench: Workbench;
let summary: ExportSummary;
let bundle: BundleReader;

beforeAll(async () => {
  bench = await openWorkbench(at("12:00", "2026-10-31"));
  await bench.sealAt(at("12:01", "2026-10-31"));
  await bench.hear(
    [
      ...policy("egress", egressDigest, {
        default: "deny",
        rules: [{ id: "pypi", host: "pypi.org", ports: [443] }],
      }),
      ...policy("sandbox", sandboxDigest, {
        profiles: [{ name: "strict", config_digest: configDigest }],
      }),
    ].sort((a, b) => (a.ts < b.ts ? -1 : 1)),
  );
  await bench.hear(day);
  await bench.hear([
    {
      class: "integrity",
      ts: at("01:00", "2026-11-03"),
      auth: credentials.own,
      grade: "derived",
      body: { kind: "verify", detail: { day: "2026-11-02", result: "ok" } },
    },
  ]);
  await bench.sealAt(at("00:00:01", "2026-11-04"));
  summary = await bench.export("bundle.zip");
  bundle = openZip(await readFile(summary.out), {
    inflateRaw: (packed, size) => inflateRawSync(packed, { maxOutputLength: size + 1 }),
  });
});
afterAll(() => bench.close());

test("an export is verified without findings, and its key came with it", async () => {
  const report = await verifyBundle(bundle, { sha256, checkSignature }, {});
  expect(report.findings).toEqual([]);
  expect(report.level).toBe("self_consistent");
  expect(
    report.controls.map(({ id, sample, resultRecomputed }) => [id, sample, resultRecomputed]),
  ).toEqual(
    ["AT-SBX-01", "AT-APR-01", "AT-NET-01", "AT-TEL-01", "AT-LOG-01"].map((id) => [
      id,
      "reproduces",
      true,
    ]),
  );
});

test("its results are those that a person counts by hand", () => {
  expect(
    summary.controls.map(({ id, result, population, in_scope, exceptions }) => [
      id,
      result,
      population,
      in_scope,
      exceptions,
    ]),
  ).toEqual([
    ["AT-SBX-01", "exceptions_noted", 3, 3, 1],
    ["AT-APR-01", "exceptions_noted", 15, 13, 2],
    ["AT-NET-01", "exceptions_noted", 9, 7, 2],
    ["AT-TEL-01", "exceptions_noted", 3, 3, 1],
    ["AT-LOG-01", "unable_to_test", 1, 1, 0],
  ]);
  expect(summary.controls.at(-1)?.unable_because).toEqual([
    "no anchor outside the operator's control exists",
  ]);
  expect(summary.period.interim).toBe(false);
});

test("a bundle that continues an earlier one proves that the log only grew; of another log, or of another root, none is made", async () => {
  const { checkpoint, bundle_id: id } = summary;
  const next = await bench.export("next.zip", { previous: { id, ...checkpoint } });
  const reader = openZip(await readFile(next.out), {
    inflateRaw: (packed, size) => inflateRawSync(packed, { maxOutputLength: size + 1 }),
  });
  const report = await verifyBundle(reader, { sha256, checkSignature }, { previous: bundle });
  expect(report.findings).toEqual([]);
  expect(report.previous).toBe("consistent");
  expect(report.manifest?.log.prev_bundle?.id).toBe(id);
  const root = Buffer.alloc(32).toString("base64");
  for (const lie of [{ root }, { size: checkpoint.size + 1 }, { origin: "other.example/a/1" }]) {
    await expect(
      bench.export("lie.zip", { previous: { id, ...checkpoint, ...lie } }),
    ).rejects.toMatchObject({ code: "PREVIOUS_MISMATCH" });
  }
});

test("the exceptions it lists are those a person finds", async () => {
  const listed = async (id: string): Promise<string[][]> =>
    (await readText(bundle, `controls/${id}/exceptions.csv`))
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.slice(1, -1).split('","').slice(2));
  expect(await listed("AT-APR-01")).toEqual([
    ["s2/c1", "APR01-NODEC"],
    ["s2/c3", "APR01-LATE"],
  ]);
  expect(await listed("AT-SBX-01")).toEqual([["s3", "SBX01-NOATTEST"]]);
  expect(await listed("AT-NET-01")).toEqual([
    ["evil.example:443", "NET01-HOST"],
    ["pypi.org:443", "NET01-NOTPROXIED NET01-POLICY"],
  ]);
  expect(await listed("AT-TEL-01")).toEqual([["s3", "TEL01-UNCLEAN"]]);
});

test("grades, and what could not be seen, come before any result", async () => {
  // Observed: four policy records, two attestations, eight flows of the proxy. Derived: the verification.
  // Reported: five session records, fifteen decisions, thirteen verdicts, fifteen calls, one flow.
  expect(summary.grades).toEqual({ observed: 14, reported: 49, derived: 1, inferred: 0 });
  const [first] = (await readText(bundle, "README.txt")).split("\n");
  expect(first).toMatch(/^No anchor outside the operator's control exists/);
  const pageText = await readText(bundle, "controls/AT-APR-01/narrative.html");
  const places = [
    "No anchor outside",
    "Of 64 records read",
    "What could not be seen",
    "Result",
  ].map((words) => pageText.indexOf(words));
  expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
  const manifest = parseManifest(await bundle.read("manifest.json"));
  expect(manifest.blind_spots).toEqual(summary.blind_spots);
  expect(summary.blind_spots.filter((text) => !text.startsWith("Reconciliations"))).toEqual([
    "No anchor outside the operator's control exists.",
    "No approval came under a person's own credential: all of them are agents' accounts.",
    "No tiers policy was approved by two persons: the shipped default places actions in tiers.",
    "Agents that never report are invisible here; only reconciliation with sources outside them can show one.",
  ]);
});

test("no generated file says that a rule was kept, and none runs an agent's words", async () => {
  for (const path of bundle.paths) {
    const text = await readText(bundle, path);
    expect(text.toLowerCase(), path).not.toMatch(/\b(compliant|certified|passed)\b/);
    if (path.endsWith(".html")) {
      expect(text).toContain("default-src 'none'");
      expect(text).not.toContain("<script");
    }
  }
});

test("a period that has not ended is cut at the time of export, says so, and verifies", async () => {
  const period = { start: at("00:00", "2026-10-01"), end: at("00:00", "2027-01-01") };
  const interim = await bench.export("interim.zip", { period });
  expect(interim.period).toEqual({
    start: period.start,
    end: at("00:00:01", "2026-11-04"),
    interim: true,
  });
  expect(interim.blind_spots).toContain(
    "The period had not ended at export: it is cut at the time of export.",
  );
  expect(interim.blind_spots).toContain(
    `The ledger began at ${at("12:00", "2026-10-31")}; nothing before that was recorded in it.`,
  );
  const opened = openZip(await readFile(interim.out), {
    inflateRaw: (packed, size) => inflateRawSync(packed, { maxOutputLength: size + 1 }),
  });
  const report = await verifyBundle(opened, { sha256, checkSignature }, {});
  expect(report.findings).toEqual([]);
  expect(report.limits.map(({ code }) => code)).toContain("INTERIM");
});

test("a store that lost or changed a record makes every control that reads its class untestable", async () => {
  const lying = (change: (rows: readonly Row[]) => readonly Row[]): StoreReader => ({
    rows: async (statement, signal) => {
      const rows = await bench.store.reader.rows(statement, signal);
      return statement.params["class"] === "approval" ? change(rows) : rows;
    },
  });
  const readers = {
    lost: lying((rows) => rows.slice(1)),
    changed: lying((rows) =>
      rows.map((row) => ({
        ...row,
        canonical: String(row["canonical"]).replace("allow", "avoid"),
      })),
    ),
  };
  const catalogue = await loadCatalogue({ only: ["AT-SBX-01", "AT-APR-01"] });
  for (const [name, reader] of Object.entries(readers)) {
    const { controls } = await bench.export(`${name}.zip`, { reader, catalogue });
    const [sandbox, approvals] = controls;
    expect(sandbox?.result, name).toBe("exceptions_noted");
    expect(approvals?.result, name).toBe("unable_to_test");
    expect(approvals?.unable_because, name).toEqual([
      "the stored records of class approval are not those that the seals commit",
    ]);
  }
});

test("progress is told from the first record to the archive", async () => {
  const stages = new Set<string>();
  const catalogue = await loadCatalogue({ only: ["AT-LOG-01"] });
  await bench.export("progress.zip", { catalogue, onProgress: ({ stage }) => stages.add(stage) });
  expect([...stages]).toEqual(["records", "controls", "commit", "proofs", "archive"]);
});
