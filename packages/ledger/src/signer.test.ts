import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNoteKey, createNoteSigner, printVkey, signCheckpoint } from "@custody/proof";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCommandSigner } from "./command-signer.ts";
import { sha256 } from "./digest.ts";
import { checkSignature } from "./ed25519.ts";
import { ensureFileSigner, openFileSigner } from "./file-signer.ts";
import { type SignedReceipt, signReceipt, verifyReceipt } from "./receipts.ts";
import { createTestSigner } from "./workbench.test-suite.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "custody-signer-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const seed = Buffer.from(Array.from({ length: 32 }, (_, byte) => byte));
const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
const pem = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }).export({
  format: "pem",
  type: "pkcs8",
});
const message = Buffer.from("trace.example.com/acme/audit-0\n");

test("a key file of the published seed signs the published checkpoint byte for byte", async () => {
  const vectors = JSON.parse(
    await readFile(new URL("../../../test/fixtures/proof/vectors.json", import.meta.url), "utf8"),
  );
  await writeFile(join(dir, "log.key"), pem);
  const signer = await openFileSigner(join(dir, "log.key"));
  const key = createNoteKey(sha256, {
    name: vectors.origin,
    type: "ed25519",
    publicKey: signer.publicKey,
  });
  expect(printVkey(key)).toBe(vectors.vkey);
  const root = Buffer.from("YakPz/lndNKs8r6rqomtjt36d0hJj8OaVgczjV7sI90=", "base64");
  const note = await signCheckpoint({ origin: vectors.origin, size: 5, root }, [
    createNoteSigner(sha256, vectors.origin, signer),
  ]);
  expect(note).toBe(vectors.checkpoint);
});

test("a missing key file is made once, readable by the owner alone", async () => {
  const path = join(dir, "deep/log.key");
  const first = await ensureFileSigner(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await ensureFileSigner(path)).publicKey).toEqual(first.publicKey);
});

test("a key file that is damaged or of another kind is refused and never replaced", async () => {
  const path = join(dir, "log.key");
  await writeFile(path, "not a key");
  await expect(ensureFileSigner(path)).rejects.toMatchObject({ code: "KEY_FILE" });
  expect(await readFile(path, "utf8")).toBe("not a key");
  const { privateKey } = generateKeyPairSync("x25519");
  await writeFile(path, privateKey.export({ format: "pem", type: "pkcs8" }));
  await expect(openFileSigner(path)).rejects.toMatchObject({ code: "KEY_FILE" });
});

/** A signer as an operator would write one: it reads the note and answers with a signature. */
const script = `
const { createPrivateKey, sign } = require("node:crypto");
const { readFileSync } = require("node:fs");
const key = createPrivateKey(readFileSync(process.argv[2]));
const signature = sign(null, readFileSync(0), key);
process.stdout.write(process.argv[3] === "raw" ? signature : signature.toString("base64") + "\\n");
`;

test.each(["raw", "base64"])("a command that answers %s signs", async (form) => {
  await writeFile(join(dir, "log.key"), pem);
  await writeFile(join(dir, "sign.cjs"), script);
  const { publicKey } = createTestSigner();
  const command = [process.execPath, join(dir, "sign.cjs"), join(dir, "log.key"), form] as const;
  const signer = createCommandSigner({ command: [...command], publicKey, timeoutMs: 10_000 });
  const signature = await signer.sign(message);
  expect(checkSignature({ publicKey, message, signature })).toBe(true);
});

test.each([
  ["answers for another key", "process.stdout.write(Buffer.alloc(64))"],
  ["answers with text", "console.log('no')"],
  ["fails", "process.exit(3)"],
  ["floods", "process.stdout.write('x'.repeat(1e6))"],
  ["never ends", "setInterval(() => {}, 1000)"],
])("a command that %s is refused", async (_, code) => {
  const { publicKey } = createTestSigner();
  const signer = createCommandSigner({
    command: [process.execPath, "-e", code],
    publicKey,
    timeoutMs: 1_500,
  });
  await expect(signer.sign(message)).rejects.toMatchObject({ code: "SIGNATURE" });
});

test("a command that cannot be started is refused", async () => {
  const path = join(dir, "absent");
  const { publicKey } = createTestSigner();
  const signer = createCommandSigner({ command: [path], publicKey, timeoutMs: 1_000 });
  await expect(signer.sign(message)).rejects.toMatchObject({ code: "SIGNATURE" });
  await writeFile(path, "");
  await chmod(path, 0o644);
  await expect(signer.sign(message)).rejects.toMatchObject({ code: "SIGNATURE" });
});

const receipt: SignedReceipt = {
  origin: "trace.example.com/acme/0-0a0b0c0d",
  batch: "ab".repeat(32),
  count: 3,
  duplicates: 1,
  rx: "2026-11-23T07:00:00.000000000Z",
  witness: { size: 5, root: new Uint8Array(32).fill(7) },
};
const keyOf = (origin: string) =>
  createNoteKey(sha256, { name: origin, type: "ed25519", publicKey: createTestSigner().publicKey });

test("a receipt comes back from its header as it was signed, with the tree head as witness", async () => {
  const header = await signReceipt(receipt, createTestSigner());
  expect(header).toMatch(/^[!-~]+$/);
  expect(verifyReceipt(header, keyOf(receipt.origin))).toEqual({ outcome: "valid", receipt });
});

test("a receipt before the first checkpoint has no witness", async () => {
  const { witness: _, ...early } = receipt;
  const header = await signReceipt(early, createTestSigner());
  expect(verifyReceipt(header, keyOf(receipt.origin))).toEqual({
    outcome: "valid",
    receipt: early,
  });
});

test.each([
  ["count", "count=3", "count=4"],
  ["duplicates", "duplicates=1", "duplicates=0"],
  ["batch", "batch=ab", "batch=ac"],
  ["time", "07:00:00", "07:00:01"],
  ["tree", "tree=5:", "tree=6:"],
])("a receipt whose %s was changed is forged", async (_, from, to) => {
  const header = await signReceipt(receipt, createTestSigner());
  expect(verifyReceipt(header.replace(from, to), keyOf(receipt.origin))).toEqual({
    outcome: "forged",
  });
});

test("a receipt of one origin is never that of another, and anything else is malformed", async () => {
  const header = await signReceipt(receipt, createTestSigner());
  expect(verifyReceipt(header, keyOf("trace.example.com/other/0-0a0b0c0d"))).toEqual({
    outcome: "forged",
  });
  for (const text of ["", "v1", `${header};`, header.toUpperCase(), `x${header}`]) {
    expect(verifyReceipt(text, keyOf(receipt.origin))).toEqual({ outcome: "malformed" });
  }
});
