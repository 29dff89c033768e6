import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ledger, openLedger } from "@custody/ledger";
import { fsck } from "@custody/ledger/fsck";
import { asRedacted, type CommitVerdict, type Redacted, timeFromMillis } from "@custody/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRowFolder, type RowFolder } from "./row-folder-store.mjs";

/** A real file system of one megabyte; only root may mount one. */
function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), "custody-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dir]).status === 0;
  if (mounted) spawnSync("umount", [dir]);
  rmSync(dir, { recursive: true, force: true });
  return mounted;
}
const mounts = canMount();
const why = mounts ? "" : " (skipped: mounting a small file system needs root)";

let dir: string;
let rows: string;
let store: RowFolder;
let ledger: Ledger | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "custody-disk-"));
  rows = mkdtempSync(join(tmpdir(), "custody-rows-"));
  store = openRowFolder(rows);
});
afterEach(async () => {
  await ledger?.close();
  ledger = undefined;
  if (mounts) spawnSync("umount", ["-l", dir]);
  rmSync(dir, { recursive: true, force: true });
  rmSync(rows, { recursive: true, force: true });
});

async function openOn(size: string): Promise<Ledger> {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", dir]);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(12);
  ledger = await openLedger({
    dir,
    tenant: "acme",
    deployment: "fault.example",
    config: { digest: "00", detail: {} },
    clock: { now: () => timeFromMillis(Date.now()) },
    random: { bytes: (count) => randomBytes(count) },
    signer: { publicKey: raw, sign: (message) => sign(null, message, privateKey) },
    store,
    lookup: store,
    limits: {
      // Not the reserve is shown here, but what a disk without one does.
      diskFreeBytesMin: 0,
      batchAgeMsMax: 1,
      sealAgeMsMin: 20,
      retryMsMin: 5,
      retryMsMax: 20,
      closeMsMax: 2_000,
    },
  });
  return ledger;
}

const idOf = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 32);

function record(name: string): Redacted {
  return asRedacted({
    claim: idOf(name),
    disclosures: [],
    record: {
      v: "custody/1",
      class: "heartbeat",
      id: idOf(name),
      nonce: "AQEBAQEBAQEBAQEBAQEBAQ",
      tenant: "acme",
      ts: "2026-11-23T07:00:00.000000000Z",
      src: { id: "src", epoch: "e", auth: { method: "bearer", kind: "agent", subject: "laptop" } },
      dialect: { name: "codex", version: "1" },
      grade: "reported",
      attrs: { filler: "f".repeat(8_000) },
      body: { last_seq: 1, dropped: 0 },
    },
  });
}

/** Commits until one is not acknowledged; answers the names of those that were, and the verdict that was not. */
async function commitUntilRefused(
  open: Ledger,
  prefix: string,
): Promise<[string[], CommitVerdict]> {
  const acknowledged: string[] = [];
  for (let n = 0; n < 10_000; n++) {
    const verdict = await open.commit([record(`${prefix}${n}`)]);
    if (verdict.outcome !== "committed") return [acknowledged, verdict];
    acknowledged.push(`${prefix}${n}`);
  }
  throw new Error("the disk never became full");
}

async function expectStored(open: Ledger, names: readonly string[]): Promise<void> {
  expect(await open.seal()).toMatchObject({ outcome: "published" });
  const ids = new Set(store.rows(open.origin).map(({ id }) => id));
  expect(names.filter((name) => !ids.has(idOf(name)))).toEqual([]);
  const report = await fsck({
    dir,
    async *rows(origin, from, to) {
      for (const { leaf, sha, text } of store.rows(origin).slice(from, to)) {
        yield { leaf, sha: Buffer.from(sha, "hex"), canonical: Buffer.from(text) };
      }
    },
  });
  expect(report.findings).toEqual([]);
}

test.skipIf(!mounts)(
  `a full disk is answered with "full", loses nothing acknowledged, and the ledger goes on when there is space${why}`,
  async () => {
    const open = await openOn("1m");
    writeFileSync(join(dir, "filler"), Buffer.alloc(700_000));
    // The store takes nothing, so that nothing is deleted from the journal meanwhile.
    const insert = store.insert.bind(store);
    store.insert = async () => ({ outcome: "retry", reason: "down" });
    const [acknowledged, verdict] = await commitUntilRefused(open, "a");
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(verdict).toEqual({ outcome: "full", retryAfterMs: 1_000, reason: "the disk is full" });
    expect(open.status().state).toBe("open");
    store.insert = insert;
    rmSync(join(dir, "filler"));
    await expect
      .poll(async () => (await open.commit([record("after")])).outcome, { timeout: 60_000 })
      .toBe("committed");
    await expectStored(open, [...acknowledged, "after"]);
  },
);

test.skipIf(!mounts)(
  `a disk that is full while tiles are written delays the checkpoint and nothing else${why}`,
  async () => {
    const open = await openOn("1m");
    const names = Array.from({ length: 20 }, (_, n) => `b${n}`);
    for (const name of names) expect((await open.commit([record(name)])).outcome).toBe("committed");
    spawnSync("dd", ["if=/dev/zero", `of=${join(dir, "filler")}`, "bs=4k"]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    rmSync(join(dir, "filler"));
    await expectStored(open, names);
  },
);

test.skipIf(!mounts)(
  `a read-only disk is answered with "failed" and its code, and the ledger goes on when it is writable${why}`,
  async () => {
    const open = await openOn("4m");
    expect((await open.commit([record("c0")])).outcome).toBe("committed");
    await open.seal();
    execFileSync("mount", ["-o", "remount,ro", dir]);
    expect(await open.commit([record("c1")])).toEqual({ outcome: "failed", reason: "EROFS" });
    execFileSync("mount", ["-o", "remount,rw", dir]);
    expect((await open.commit([record("c2")])).outcome).toBe("committed");
    await expectStored(open, ["c0", "c2"]);
  },
);

test("a file size limit fails the batch that passes it, with the system's code", () => {
  const child = fileURLToPath(new URL("file-limit-child.mjs", import.meta.url));
  // 64 blocks of 512 or 1024 bytes, as the shell counts them: a batch of 200 kB passes either.
  const { stdout, stderr } = spawnSync("sh", [
    "-c",
    `ulimit -f 64; exec "${process.execPath}" "${child}" "${dir}"`,
  ]);
  expect(String(stderr)).toBe("");
  expect(String(stdout).trim().split("\n")).toEqual([
    "small committed",
    "large failed EFBIG",
    "small committed",
  ]);
});
