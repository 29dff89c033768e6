import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { steps } from "@custody/ledger";
import { fsck } from "@custody/ledger/fsck";
import { createTreeHasher, merkleRoot, parseCheckpoint } from "@custody/proof";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openRowFolder } from "./row-folder-store.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const child = fileURLToPath(new URL("ledger-child.mjs", import.meta.url));
/** More of them by hand: CUSTODY_FAULT_RUNS=200 npm run fault -w @custody/ledger. */
const runs = Number(process.env["CUSTODY_FAULT_RUNS"] ?? 3);
const crashesInARow = 5;
const places = [...steps, "store.half"];

// The child runs what is shipped, so what is shipped must be what stands here.
beforeAll(() => {
  execFileSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "--build", "packages/ledger"],
    { cwd: root },
  );
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "custody-fault-"));
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(dir, "log.key"), privateKey.export({ format: "pem", type: "pkcs8" }));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const hasher = createTreeHasher(sha256);

/** Ids of the records that the child saw acknowledged before it ended. */
function runChild(
  run: string,
  step: string,
  at: number,
  killAfterMs = 300_000,
): { killed: boolean; acknowledged: string[] } {
  const { signal, status, stdout, stderr } = spawnSync(
    process.execPath,
    [child, dir, run, step, String(at), "12"],
    { cwd: root, timeout: killAfterMs, killSignal: "SIGKILL" },
  );
  if (signal === null && status !== 0) throw new Error(String(stderr));
  const names = String(stdout)
    .split(/\s+/)
    .filter((name) => name !== "");
  const acknowledged = names.map((name) =>
    createHash("sha256").update(name).digest("hex").slice(0, 32),
  );
  return { killed: signal === "SIGKILL", acknowledged };
}

/** Everything that must hold once the ledger was opened again and closed in peace. */
async function expectWhole(acknowledged: readonly string[]): Promise<void> {
  const store = openRowFolder(join(dir, "rows"));
  const origins = store.origins();
  expect(origins).toHaveLength(1);
  const [origin = ""] = origins;
  const rows = store.rows(origin);
  const ids = new Set(rows.map(({ id }) => id));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  // No id twice: a delivery that was cut short was not repeated here, so nothing may stand on two leaves.
  expect(ids.size).toBe(rows.length);
  expect(rows.map(({ leaf }) => leaf)).toEqual(rows.map((_, leaf) => leaf));
  expectOneTree(rows.map(({ text }) => hasher.leaf(sha256(Buffer.from(text)))));
  const report = await fsck({
    dir,
    async *rows(_, from, to) {
      for (const { leaf, sha, text } of rows.slice(from, to)) {
        yield { leaf, sha: Buffer.from(sha, "hex"), canonical: Buffer.from(text) };
      }
    },
  });
  expect(report.findings).toEqual([]);
  expect(report.leaves).toBe(rows.length);
}

/** Every root that was ever signed, also those never published, is that of the leaves as an uninterrupted run has them. */
function expectOneTree(leafHashes: readonly Uint8Array[]): void {
  const signed = readFileSync(join(dir, "signed.txt"), "utf8").trimEnd().split("\n");
  const roots = new Map<number, string>();
  for (const line of signed) {
    const { size, root: signedRoot } = parseCheckpoint(
      Buffer.from(line, "base64").toString("utf8"),
    );
    const hex = Buffer.from(signedRoot).toString("hex");
    expect(roots.get(size) ?? hex).toBe(hex);
    roots.set(size, hex);
    const expected = merkleRoot(hasher, leafHashes.slice(0, size));
    expect(hex).toBe(Buffer.from(expected).toString("hex"));
  }
}

test.each(places)(
  "a kill at %s loses nothing acknowledged and signs no second root",
  async (step) => {
    const crash = runChild("a", step, 2);
    expect(crash.killed).toBe(true);
    const calm = runChild("b", "never", 0);
    expect(calm.killed).toBe(false);
    expect(calm.acknowledged.length).toBeGreaterThan(0);
    await expectWhole([...crash.acknowledged, ...calm.acknowledged]);
  },
);

test.each(Array.from({ length: runs }, (_, seed) => seed))(
  "kills in a row at places drawn from seed %i lose nothing acknowledged and sign no second root",
  async (seed) => {
    const draw = (what: string, below: number): number =>
      sha256(Buffer.from(`${seed}/${what}`)).reduce((sum, byte) => (sum * 256 + byte) % 65_521, 0) %
      below;
    const acknowledged: string[] = [];
    for (let crash = 0; crash < crashesInARow; crash++) {
      const step = places[draw(`step ${crash}`, places.length)] ?? "never";
      acknowledged.push(...runChild(`c${crash}`, step, 1 + draw(`at ${crash}`, 6)).acknowledged);
    }
    acknowledged.push(...runChild("last", "never", 0).acknowledged);
    await expectWhole(acknowledged);
  },
);

test.each(Array.from({ length: runs }, (_, seed) => seed))(
  "kills in a row at instants drawn from seed %i lose nothing acknowledged and sign no second root",
  async (seed) => {
    const acknowledged: string[] = [];
    for (let crash = 0; crash < crashesInARow; crash++) {
      const digest = Buffer.from(sha256(Buffer.from(`${seed}/instant ${crash}`)));
      const ran = runChild(`c${crash}`, "never", 0, 150 + (digest.readUInt32LE(0) % 500));
      acknowledged.push(...ran.acknowledged);
    }
    acknowledged.push(...runChild("last", "never", 0).acknowledged);
    await expectWhole(acknowledged);
  },
);
