import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkBackup, readBackup } from "./read-backup.ts";
import { writeBackup } from "./write-backup.ts";

// What is carried away and back, byte for byte, and what is refused on the way. Real snapshots are in test/e2e/backup.test.ts.

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "custody-backup-unit-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const silent = (): void => undefined;
const part = "20261123_1_6_1/columns_substreams_of_a_projection.txt";
const longPath = `store/store/7a7/7a7bd4ed-6b31-4968-9886-3cafd5887cc5/${part}`;
const contents: Readonly<Record<string, Buffer>> = {
  "keys.json": Buffer.from('{"v":1,"keys":[]}'),
  "log.key": Buffer.from("secret"),
  "store/empty": Buffer.alloc(0),
  "store/block": Buffer.alloc(512, 1),
  "store/large": Buffer.alloc(3_000_000, 7),
  [longPath]: Buffer.from("x"),
};

function snapshot(): string {
  const folder = join(home, "snapshot");
  for (const [path, bytes] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const said = {
    id: "one",
    taken: "2026-11-23T00:00:00Z",
    product: "0.1.0",
    store: "embedded",
    ledgers: [],
  };
  writeFileSync(join(folder, "snapshot.json"), JSON.stringify(said));
  return folder;
}

async function backedUp(name: string, keys = false): Promise<string> {
  const to = join(home, name);
  await writeBackup(snapshot(), to, { keys, onStep: silent });
  return to;
}

test.each(["copy", "copy.tar"])(
  "%s gives every file back, and leaves private keys out unless they are asked for",
  async (name) => {
    const from = await backedUp(name);
    const data = join(home, "data");
    const manifest = await readBackup(from, data, silent);
    expect(manifest.left_out).toEqual(["log.key"]);
    for (const [path, bytes] of Object.entries(contents)) {
      if (path === "log.key") expect(existsSync(join(data, path))).toBe(false);
      else expect(readFileSync(join(data, path)).equals(bytes), path).toBe(true);
    }
    expect(manifest.files.find(({ path }) => path === "store/large")?.sha256).toBe(
      createHash("sha256")
        .update(contents["store/large"] ?? "")
        .digest("hex"),
    );
    rmSync(from, { recursive: true });
    const whole = await readBackup(await backedUp(name, true), join(home, "whole"), silent);
    expect(whole.left_out).toEqual([]);
    expect(readFileSync(join(home, "whole", "log.key"), "utf8")).toBe("secret");
  },
);

test("nothing is overwritten: neither a back-up nor a folder that holds something", async () => {
  const from = await backedUp("copy");
  await expect(backedUp("copy")).rejects.toThrow("nothing is overwritten");
  await expect(readBackup(from, from, silent)).rejects.toThrow("nothing is overwritten");
});

const faults: readonly (readonly [string, "copy" | "copy.tar", (from: string) => void, string])[] =
  [
    [
      "a byte is changed",
      "copy",
      (from) => appendFileSync(join(from, "keys.json"), " "),
      "the first keys.json",
    ],
    [
      "a file is missing",
      "copy",
      (from) => rmSync(join(from, longPath)),
      "1 file(s) missing or changed",
    ],
    [
      "a file is too many",
      "copy",
      (from) => writeFileSync(join(from, "extra"), ""),
      "1 too many, the first extra",
    ],
    [
      "its list is missing",
      "copy",
      (from) => rmSync(join(from, "backup.json")),
      "no whole back-up",
    ],
    [
      "its list is of another form",
      "copy",
      (from) => writeFileSync(join(from, "backup.json"), "{}"),
      "of another form",
    ],
    [
      "a byte of an archive is changed",
      "copy.tar",
      (from) => edit(from, (bytes) => bytes.fill("!", 512, 513)),
      "keys.json",
    ],
    [
      "an archive is cut",
      "copy.tar",
      (from) => edit(from, (bytes) => bytes.subarray(0, 100_000)),
      "ends too early",
    ],
    [
      "it is no archive",
      "copy.tar",
      (from) => edit(from, (bytes) => bytes.fill(65)),
      "not an archive",
    ],
    [
      "it names a file outside",
      "copy.tar",
      (from) => edit(from, renamed),
      "none of ours is called",
    ],
  ];

function edit(path: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, change(readFileSync(path)));
}

/** `keys.json`, the first file, as a name that leaves the folder; with the checksum that goes with it. */
function renamed(bytes: Buffer): Buffer {
  const head = bytes.subarray(0, 512);
  head.write("../s.json", 0);
  head.fill(" ", 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

test.each(faults)(
  "where %s the back-up (%s) is refused, and nothing is left behind",
  async (_, name, harm, said) => {
    const from = await backedUp(name);
    harm(from);
    const data = join(home, "data");
    await expect(readBackup(from, data, silent)).rejects.toMatchObject({
      code: 1,
      message: expect.stringContaining(said),
    });
    await expect(checkBackup(from, silent)).rejects.toThrow(said);
    expect(readdirSync(home).sort()).toEqual([name, "snapshot"].sort());
  },
);
