import {
  addSignatures,
  cosign,
  createNoteKey,
  parseNote,
  parseTrustPolicy,
  printVkey,
  utf8Encode,
} from "@custody/proof";
import { expect, test } from "vitest";
import {
  checkSignature,
  createTestSigner,
  sha256,
  type TestSigner,
} from "../../../test/support/crypto.ts";
import { readerOfFiles } from "./bundle.ts";
import { drawSample } from "./draw.ts";
import { levelReaches } from "./log-signature.ts";
import { paths, recordsPath } from "./paths.ts";
import {
  auditorSeed,
  type Files,
  makeBundle,
  put,
  resign,
  textOf,
} from "./small-bundle.test-suite.ts";
import { origin, SmallLedger } from "./small-ledger.test-suite.ts";
import { verifyBundle } from "./verifier.ts";

const ports = { sha256, checkSignature };
const policy = (text: string) => parseTrustPolicy(sha256, utf8Encode(text));
const vkeyOf = (name: string, type: "ed25519" | "cosignature", { publicKey }: TestSigner): string =>
  printVkey(createNoteKey(sha256, { name, type, publicKey }));
const limitsOf = ({
  limits,
}: {
  readonly limits: readonly { readonly code: string }[];
}): string[] => limits.map(({ code }) => code);

test("an honest bundle agrees with itself, and says that nobody vouches for its key", async () => {
  const { files } = await makeBundle();
  const report = await verifyBundle(readerOfFiles(files), ports);
  expect(report.findings).toEqual([]);
  expect(report.level).toBe("self_consistent");
  expect(limitsOf(report)).toEqual([
    "UNPINNED",
    "UNANCHORED",
    "PREVIOUS_ABSENT",
    "ATTRIBUTES",
    "SOURCE",
  ]);
  expect(report.controls).toEqual([
    {
      id: "AT-APR-01",
      version: "1.0.0",
      result: "exceptions_noted",
      rows: 41,
      hashesOk: true,
      accumulatorOk: true,
      items: 41,
      inScope: 40,
      exceptions: 5,
      sample: "reproduces",
      resultRecomputed: true,
    },
    expect.objectContaining({ id: "AT-NET-01", rows: 14, inScope: 13, result: "no_exceptions" }),
  ]);
  expect(report.ranges.map(({ class: name, rows }) => [name, rows])).toEqual([
    ["tool_call", 41],
    ["egress", 14],
    ["policy", 2],
  ]);
});

test("a pinned log makes the bundle authentic", async () => {
  const { files, ledger } = await makeBundle();
  const trust = policy(`log ${printVkey(ledger.key)}\nquorum none\n`);
  const report = await verifyBundle(readerOfFiles(files), ports, { trust });
  expect(report.findings).toEqual([]);
  expect(report.level).toBe("authentic");
  expect(limitsOf(report)).toContain("UNANCHORED");
  expect(limitsOf(report)).not.toContain("UNPINNED");
});

test("a bundle made anew around another log key agrees with itself, and is caught by a pinned key", async () => {
  const { files } = await makeBundle(new SmallLedger());
  expect((await verifyBundle(readerOfFiles(files), ports)).level).toBe("self_consistent");
  const trust = policy(`log ${vkeyOf(origin, "ed25519", createTestSigner())}\nquorum none\n`);
  const report = await verifyBundle(readerOfFiles(files), ports, { trust });
  expect(report.level).toBe("failed");
  expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(["LOG_UNTRUSTED"]));
});

async function cosigned(
  files: Files,
  witnesses: readonly (readonly [string, TestSigner])[],
): Promise<void> {
  const note = parseNote(utf8Encode(textOf(files, paths.checkpoint)));
  const lines = await Promise.all(
    witnesses.map(([name, signer]) =>
      cosign(sha256, note, { name, signer, timeSeconds: 1_790_000_000 }),
    ),
  );
  put(files, paths.checkpoint, addSignatures(note, lines));
}

test("a quorum of trusted witnesses anchors the bundle; one witness short does not", async () => {
  const { files, ledger, bundleSigner } = await makeBundle();
  const [w1, w2] = [createTestSigner(), createTestSigner()];
  const trust = policy(
    `log ${printVkey(ledger.key)}\nwitness A ${vkeyOf("w1.example", "cosignature", w1)}\nwitness B ${vkeyOf("w2.example", "cosignature", w2)}\ngroup G all A B\nquorum G\n`,
  );
  await cosigned(files, [["w1.example", w1]]);
  await resign(files, bundleSigner);
  const short = await verifyBundle(readerOfFiles(files), ports, { trust });
  expect([short.level, short.findings]).toEqual(["authentic", []]);
  await cosigned(files, [["w2.example", w2]]);
  await resign(files, bundleSigner);
  const met = await verifyBundle(readerOfFiles(files), ports, { trust });
  expect([met.level, met.findings]).toEqual(["anchored", []]);
  expect(limitsOf(met)).not.toContain("UNANCHORED");
});

test("a false signature of a trusted witness is a finding, not a missing one", async () => {
  const { files, ledger, bundleSigner } = await makeBundle();
  const witness = createTestSigner();
  const liar = { publicKey: witness.publicKey, sign: () => new Uint8Array(64) };
  const vkey = vkeyOf("w.example", "cosignature", witness);
  const trust = policy(`log ${printVkey(ledger.key)}\nwitness W ${vkey}\nquorum W\n`);
  await cosigned(files, [["w.example", liar]]);
  await resign(files, bundleSigner);
  const report = await verifyBundle(readerOfFiles(files), ports, { trust });
  expect(report.findings.map(({ code }) => code)).toEqual(["WITNESS_FORGED"]);
});

test("levels order as the contract says", () => {
  expect(levelReaches("anchored", "authentic")).toBe(true);
  expect(levelReaches("self_consistent", "authentic")).toBe(false);
  expect(levelReaches("failed", "self_consistent")).toBe(false);
});

test("growth from the previous bundle is consistent with its proof, unproven without, inconsistent from a fork", async () => {
  const ledger = new SmallLedger();
  for (let i = 0; i < 9; i++)
    ledger.append("heartbeat", "2025-12-01T00:00:00.000000000Z", { last_seq: i });
  const earlier = await ledger.signed();
  const previous = readerOfFiles(new Map([[paths.checkpoint, utf8Encode(earlier)]]));
  const { files, bundleSigner } = await makeBundle(ledger);
  const verdictOf = async (given = previous) =>
    (await verifyBundle(readerOfFiles(files), ports, { previous: given })).previous;
  expect(await verdictOf()).toBe("unproven");

  const proof = ledger.growth(9, textOf(files, paths.checkpoint));
  await resign(put(files, paths.previousConsistency, proof), bundleSigner);
  expect(await verdictOf()).toBe("consistent");

  const fork = new SmallLedger(ledger.signer);
  for (let i = 0; i < 9; i++)
    fork.append("heartbeat", "2025-12-01T00:00:00.000000000Z", { last_seq: -1 - i });
  const forked = readerOfFiles(new Map([[paths.checkpoint, utf8Encode(await fork.signed())]]));
  expect(await verdictOf(forked)).toBe("inconsistent");
  const report = await verifyBundle(readerOfFiles(files), ports, { previous: forked });
  expect(report.findings.map(({ code }) => code)).toEqual(["PREVIOUS_INCONSISTENT"]);
});

test("an interim bundle says so and is not held to its closing edge", async () => {
  const { files, bundleSigner } = await makeBundle();
  await resign(files, bundleSigner, (manifest) => ({
    ...manifest,
    interim: true,
    period: { ...manifest.period, lateness_s: 8_640_000 },
  }));
  const report = await verifyBundle(readerOfFiles(files), ports);
  expect(report.findings).toEqual([]);
  expect(limitsOf(report)).toContain("INTERIM");
});

test("a roster with other ledgers is said: this bundle is not the whole tenant", async () => {
  const ledger = new SmallLedger();
  const seal = ledger.seal.bind(ledger);
  ledger.seal = (rx) => seal(rx, [origin, "log.example/acme/audit-1"]);
  const report = await verifyBundle(readerOfFiles((await makeBundle(ledger)).files), ports);
  expect(report.findings).toEqual([]);
  expect(limitsOf(report)).toContain("LEDGER_SUBSET");
});

test("a bundle without its manifest, or with one in another spelling, is refused without a crash", async () => {
  const { files, bundleSigner } = await makeBundle();
  const spaced = new Map(files);
  put(spaced, paths.manifest, `${textOf(files, paths.manifest)}\n`);
  const cases: readonly Files[] = [
    new Map(),
    new Map([...files].filter(([path]) => path !== paths.manifest)),
    put(new Map(files), paths.manifest, "{}"),
    put(new Map(files), paths.manifest, "not json"),
    put(new Map(files), paths.manifest, "null"),
    spaced,
  ];
  for (const broken of cases) {
    const report = await verifyBundle(readerOfFiles(broken), ports);
    expect(report.level).toBe("failed");
    expect(report.findings.map(({ code }) => code)).toContain("MANIFEST_FORMAT");
  }
  expect(bundleSigner).toBeDefined();
});

test("any single file that is missing, empty or garbage is a finding and never a crash", async () => {
  const { files } = await makeBundle();
  for (const path of files.keys()) {
    const garbage = [
      undefined,
      new Uint8Array(0),
      Uint8Array.of(0xff, 0xfe, 0),
      utf8Encode('{"i":0}\n'),
    ];
    for (const bytes of garbage) {
      const broken = new Map(files);
      if (bytes === undefined) broken.delete(path);
      else broken.set(path, bytes);
      const report = await verifyBundle(readerOfFiles(broken), ports);
      expect({ path, level: report.level }).toEqual({ path, level: "failed" });
    }
  }
});

test("a million false rows make a short report that says how many there were", async () => {
  const { files, bundleSigner } = await makeBundle();
  const rows = textOf(files, recordsPath("tool_call")).replaceAll("acme", "evil");
  await resign(put(files, recordsPath("tool_call"), rows), bundleSigner);
  const report = await verifyBundle(readerOfFiles(files), ports);
  const told = report.findings.filter(({ code }) => code === "ROW_TENANT");
  expect(told).toHaveLength(21);
  expect(told.at(-1)?.where).toMatch(/more$/);
});

test("an auditor draws the same sample as the run from the same seed, and another from another", async () => {
  const { files } = await makeBundle();
  const draw = (seed: string, count: number) =>
    drawSample(readerOfFiles(files), sha256, { controlId: "AT-APR-01", auditorSeed: seed, count });
  const { items } = await draw(auditorSeed, 5);
  const listed = textOf(files, "controls/AT-APR-01/sample.csv").trimEnd().split("\n").slice(1);
  expect(items.map(({ leaf, sha }) => `"${leaf}","${sha}","random"`)).toEqual(listed);
  expect((await draw(auditorSeed, 8)).items.slice(0, 5)).toEqual(items);
  expect((await draw("another seed of mine", 5)).items).not.toEqual(items);
  await expect(
    drawSample(readerOfFiles(files), sha256, { controlId: "AT-XXX-01", auditorSeed, count: 1 }),
  ).rejects.toMatchObject({ code: "SAMPLE_CONTROL" });
});
