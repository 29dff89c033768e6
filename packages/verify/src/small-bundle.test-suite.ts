import { canonicalText, type RecordClass } from "@custody/model";
import { hexEncode, printEnvelope, printVkey, signEnvelope, utf8Encode } from "@custody/proof";
import { createTestSigner, sha256, type TestSigner } from "../../../test/support/crypto.ts";
import { printChecksums } from "./checksums.ts";
import { contentDigest, type RunCommitment, rowSetDigest } from "./commitment.ts";
import { printCsvLine } from "./csv.ts";
import { drawItems, printSample } from "./drawn-sample.ts";
import { type Manifest, type ManifestControl, parseManifest, printManifest } from "./manifest.ts";
import { controlPath, isOutsideManifest, paths, recordsPath, sealProofPath } from "./paths.ts";
import { exceptionColumns, populationColumns } from "./population.ts";
import { printPublicKeyPem } from "./public-key.ts";
import { printResult } from "./result.ts";
import { resultOfCounts } from "./result-state.ts";
import { printRow } from "./row.ts";
import { type Leaf, origin, rootText, SmallLedger, tenant } from "./small-ledger.test-suite.ts";
import { bundleStatement, statementPayloadType } from "./statement.ts";

export type Files = Map<string, Uint8Array>;
const sha = (bytes: Uint8Array): string => hexEncode(sha256(bytes));
export const textOf = (files: Files, path: string): string =>
  new TextDecoder().decode(files.get(path));
export const put = (files: Files, path: string, text: string): Files =>
  files.set(path, utf8Encode(text));

export const auditorSeed = "auditor seed 2026-11-30 JD";
const controlIds = ["AT-APR-01", "AT-NET-01"] as const;
const classOf: Readonly<Record<string, RecordClass>> = {
  "AT-APR-01": "tool_call",
  "AT-NET-01": "egress",
};
const exported: readonly RecordClass[] = ["tool_call", "egress", "policy"];
const period = {
  start: "2026-01-01T00:00:00.000000000Z",
  end: "2026-07-01T00:00:00.000000000Z",
  lateness_s: 86_400,
};
const at = (day: string): string => `2026-${day}T00:00:00.000000000Z`;
const catalogue = { id: "agent-trace-core", version: "1.0.0", sha256: "ab".repeat(32) };

export interface SmallBundle {
  readonly files: Files;
  readonly ledger: SmallLedger;
  readonly bundleSigner: TestSigner;
}

/** A ledger with records before, in and after the period, seals around it, and a bundle of two controls over it. */
export async function makeBundle(ledger: SmallLedger = new SmallLedger()): Promise<SmallBundle> {
  const bundleSigner = createTestSigner();
  for (let i = 0; i < 4; i++)
    ledger.append("tool_call", "2025-12-30T00:00:00.000000000Z", { call: `o${i}` });
  const from = ledger.seal("2025-12-31T00:00:00.000000000Z");
  for (let i = 0; i < 40; i++) {
    ledger.append("tool_call", at("02-01"), { call: `c${i}`, text: 'a "quoted"\\ word \u2028' });
    if (i % 3 === 0) ledger.append("egress", at("02-01"), { host: "example.org", port: i });
    if (i % 20 === 0) ledger.append("policy", at("02-01"), { kind: "egress", version: i });
    if (i % 10 === 0) ledger.seal(at("02-01"));
  }
  ledger.append("tool_call", at("07-01"), { call: "late" });
  const to = ledger.seal(at("07-02"));
  const runSize = ledger.leaves.length;
  const files: Files = new Map();
  await writeContent(files, ledger, { from, to, runSize });
  const runCheckpoint = ledger.checkpoint(runSize);
  const range = exported.map((name) => [name, rowsOf(ledger, name, from, to)] as const);
  const commitment: RunCommitment = {
    schema: "custody-run/1",
    bundle_id: "01990000-0000-7000-8000-000000000001",
    bundle_key_sha256: sha(bundleSigner.publicKey),
    period: { start: period.start, end: period.end },
    catalogue,
    checkpoint: { origin, size: runSize, root: rootText(runCheckpoint) },
    seals: {
      from: { leaf: from.leaf, record_sha256: from.sha },
      to: { leaf: to.leaf, record_sha256: to.sha },
    },
    classes: range.map(([name, rows]) => ({
      class: name,
      rows: rows.length,
      ...(rows.length === 0 ? {} : { first: rows[0]?.leaf ?? 0, last: rows.at(-1)?.leaf ?? 0 }),
      set_sha256: rowSetDigest(
        sha256,
        rows.map(({ digest }) => digest),
      ),
    })),
    controls: controlIds.map((id) => committedControl(files, id)),
    content_sha256: contentDigest(
      sha256,
      [...files].map(([path, bytes]) => ({ path, sha256: sha(bytes) })),
    ),
  };
  const run = ledger.append("integrity", at("07-03"), { kind: "run", detail: commitment }, true);
  ledger.seal(at("07-03"));
  await writeLog(files, ledger, { from, to, run, runSize });
  writeManifest(files, ledger, { from, to, run, bundleSigner, commitment });
  await resign(files, bundleSigner);
  return { files, ledger, bundleSigner };
}

function rowsOf(ledger: SmallLedger, name: RecordClass, from: Leaf, to: Leaf): Leaf[] {
  return ledger.leaves.filter(
    (leaf) => leaf.class === name && leaf.leaf > from.leaf && leaf.leaf < to.leaf,
  );
}

async function writeContent(
  files: Files,
  ledger: SmallLedger,
  { from, to, runSize }: { from: Leaf; to: Leaf; runSize: number },
): Promise<void> {
  put(files, paths.runCheckpoint, await ledger.signed(runSize));
  for (const name of exported) {
    const rows = rowsOf(ledger, name, from, to);
    put(
      files,
      recordsPath(name),
      rows.map(({ leaf, canonical }) => printRow(leaf, canonical)).join(""),
    );
  }
  for (const id of controlIds) {
    writeControl(files, id, rowsOf(ledger, classOf[id] ?? "tool_call", from, to));
  }
}

/** The last row is out of scope, and every ninth item is an exception of control AT-APR-01. */
function writeControl(files: Files, id: string, rows: readonly Leaf[]): void {
  const items = rows.map((leaf, i) => ({
    leaf,
    item: `=item ${i}, "quoted"`,
    inScope: i < rows.length - 1,
    codes:
      id === "AT-APR-01" && i % 9 === 0
        ? ["APR01-NODEC", "APR01-EXPIRED"].slice(0, 1 + (i % 2))
        : [],
  }));
  const exceptions = items.filter(({ inScope, codes }) => inScope && codes.length > 0);
  const inScope = items.filter((item) => item.inScope);
  const codes = new Map<string, number>();
  for (const code of exceptions.flatMap((item) => item.codes))
    codes.set(code, (codes.get(code) ?? 0) + 1);
  const checkpointBody = `${textOf(files, paths.runCheckpoint).split("\n").slice(0, 3).join("\n")}\n`;
  const places = inScope.map(({ leaf }) => ({ leaf: leaf.leaf, digest: leaf.digest }));
  const drawn = drawItems(sha256, places, { checkpointBody, controlId: id, auditorSeed, count: 5 });
  put(files, controlPath(id, "control"), `id: ${id}\n`);
  put(files, controlPath(id, "query"), "SELECT leaf_index FROM v_tool_call\n");
  put(files, controlPath(id, "params"), canonicalText({ p0: period.start, p1: period.end }));
  put(files, controlPath(id, "narrative"), "<!doctype html><p>Tested 3 of 3 items.</p>\n");
  put(
    files,
    controlPath(id, "population"),
    printCsvLine([...populationColumns, "attr_A"]) +
      items
        .map(({ leaf, item, inScope: scoped, codes: text }) =>
          printCsvLine([leaf.leaf, leaf.sha, item, scoped ? 1 : 0, text.join(" "), 1]),
        )
        .join(""),
  );
  put(
    files,
    controlPath(id, "exceptions"),
    printCsvLine([...exceptionColumns]) +
      exceptions
        .map(({ leaf, item, codes: text }) =>
          printCsvLine([leaf.leaf, leaf.sha, item, text.join(" ")]),
        )
        .join(""),
  );
  put(files, controlPath(id, "sample"), printSample(drawn.items));
  files.set(
    controlPath(id, "result"),
    printResult({
      schema: "agent-evidence-result/1",
      control: id,
      control_version: "1.0.0",
      catalogue_sha256: catalogue.sha256,
      population: {
        classes: [classOf[id] ?? "tool_call"],
        class_records: rows.length,
        in_scope: inScope.length,
      },
      exceptions: exceptions.length,
      codes: Object.fromEntries(codes),
      sample: { n: 5, method: "hash-rank/1", auditor_seed: auditorSeed, seed: drawn.seed },
      result: resultOfCounts(inScope.length, exceptions.length),
      unable_because: [],
    }),
  );
}

function controlCounts(files: Files, id: string) {
  const lines = textOf(files, controlPath(id, "population")).trimEnd().split("\n").slice(1);
  const inScope = lines.filter((line) => line.includes('","1","'));
  const exceptions = textOf(files, controlPath(id, "exceptions")).trimEnd().split("\n").length - 1;
  return {
    population: lines.length,
    in_scope: inScope.length,
    exceptions,
    result: resultOfCounts(inScope.length, exceptions),
  };
}

function committedControl(files: Files, id: string): RunCommitment["controls"][number] {
  const digest = (file: Parameters<typeof controlPath>[1]): string =>
    sha(files.get(controlPath(id, file)) ?? new Uint8Array(0));
  return {
    id,
    version: "1.0.0",
    control_sha256: digest("control"),
    query_sha256: digest("query"),
    params_sha256: digest("params"),
    population_sha256: digest("population"),
    exceptions_sha256: digest("exceptions"),
    sample_sha256: digest("sample"),
    result_sha256: digest("result"),
    ...controlCounts(files, id),
  };
}

async function writeLog(
  files: Files,
  ledger: SmallLedger,
  { from, to, run, runSize }: { from: Leaf; to: Leaf; run: Leaf; runSize: number },
): Promise<void> {
  const checkpoint = await ledger.signed();
  put(files, paths.checkpoint, checkpoint);
  put(files, paths.consistency, ledger.growth(runSize, checkpoint));
  put(
    files,
    paths.seals,
    [from, to].map(({ leaf, canonical }) => printRow(leaf, canonical)).join(""),
  );
  for (const seal of [from, to])
    put(files, sealProofPath(seal.sha), ledger.proof(seal.leaf, checkpoint));
  put(files, paths.run, printRow(run.leaf, run.canonical));
  put(files, paths.runProof, ledger.proof(run.leaf, checkpoint));
  put(files, paths.logKeys, `${printVkey(ledger.key)}\n`);
  put(files, paths.readme, "Evidence of agent activity. How to verify: …\n");
}

function writeManifest(
  files: Files,
  ledger: SmallLedger,
  made: { from: Leaf; to: Leaf; run: Leaf; bundleSigner: TestSigner; commitment: RunCommitment },
): void {
  const { from, to, run, bundleSigner, commitment } = made;
  put(files, paths.bundleKey, printPublicKeyPem(bundleSigner.publicKey));
  const rows = exported.flatMap((name) => rowsOf(ledger, name, from, to));
  const checkpoint = ledger.checkpoint();
  const controls: ManifestControl[] = controlIds.map((id) => ({
    id,
    version: "1.0.0",
    classes: [classOf[id] ?? "tool_call"],
    ...controlCounts(files, id),
    query_sha256: sha(files.get(controlPath(id, "query")) ?? new Uint8Array(0)),
    params: { p0: period.start, p1: period.end },
  }));
  const manifest: Manifest = {
    schema: "agent-evidence-manifest/1",
    bundle_id: commitment.bundle_id,
    tenant,
    period,
    generated_at: at("07-03"),
    generator: { name: "custody", version: "0.1.0" },
    requested_by: { id: "usr_9" },
    purpose: "fieldwork",
    interim: false,
    grades: { observed: 0, reported: rows.length, derived: 0, inferred: 0 },
    blind_spots: ["No proxy log was received."],
    log: {
      origin,
      size: checkpoint.size,
      root: rootText(checkpoint),
      vkeys: [printVkey(ledger.key)],
    },
    anchors: [],
    catalogue,
    controls,
    run: { record_sha256: run.sha, leaf_index: run.leaf },
    seals: { from: from.leaf, to: to.leaf },
    files: [],
  };
  files.set(paths.manifest, printManifest(manifest));
}

/** What whoever holds the bundle key can always do: list every file again, and sign. */
export async function resign(
  files: Files,
  signer: TestSigner,
  edit: (manifest: Manifest) => Manifest = (manifest) => manifest,
): Promise<void> {
  const before = edit(parseManifest(files.get(paths.manifest) ?? new Uint8Array(0)));
  const listed = [...files]
    .filter(([path]) => !isOutsideManifest(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => ({
      path,
      size: bytes.length,
      sha256: sha(bytes),
      media_type: "application/octet-stream",
    }));
  const manifest = { ...before, files: listed };
  const bytes = printManifest(manifest);
  files.set(paths.manifest, bytes);
  const summed = [...files].filter(
    ([path]) => !path.startsWith("signatures/") && path !== paths.checksums,
  );
  put(
    files,
    paths.checksums,
    printChecksums(summed.map(([path, file]) => ({ path, sha256: sha(file) }))),
  );
  const payload = bundleStatement(manifest, sha(bytes));
  const envelope = await signEnvelope(
    sha256,
    { payloadType: statementPayloadType, payload },
    signer,
  );
  put(files, paths.envelope, printEnvelope(envelope));
}
