import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createAccumulator } from "./accumulator.ts";
import { base64Encode } from "./base64.ts";
import { concatBytes } from "./bytes.ts";
import { parseSignedCheckpoint, signCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { createTreeHasher } from "./hasher.ts";
import { hexDecode, hexEncode } from "./hex.ts";
import { parseVkey, printVkey } from "./key.ts";
import {
  consistencyProof,
  inclusionProof,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
import { createNoteSigner, parseNote, verifyNote } from "./note.ts";
import type { Sha256, SignatureCheck } from "./ports.ts";
import { utf8Encode } from "./utf8.ts";

const fixtures = new URL("../../../test/fixtures/proof/", import.meta.url);
const vectors = JSON.parse(readFileSync(new URL("vectors.json", fixtures), "utf8"));
const lines = readFileSync(new URL("records.jsonl", fixtures), "utf8").trimEnd().split("\n");

const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const spki = hexDecode("302a300506032b6570032100");
const check: SignatureCheck = ({ publicKey, message, signature }) =>
  verify(
    null,
    message,
    createPublicKey({
      key: Buffer.from(concatBytes([spki, publicKey])),
      format: "der",
      type: "spki",
    }),
    signature,
  );

const hasher = createTreeHasher(sha256);
const digests = lines.map((line) => sha256(utf8Encode(line)));
const leaves = digests.map((digest) => hasher.leaf(digest));
const checkpoint = utf8Encode(vectors.checkpoint);
const decode = (text: string): Uint8Array => Buffer.from(text, "base64");

test("the five records hash to the published digests and leaves", () => {
  expect(digests.map(hexEncode)).toEqual(vectors.record_sha256);
  expect(leaves.map(hexEncode)).toEqual(vectors.leaf);
});

test("the five leaves give the root of the published checkpoint", () => {
  const { root } = parseSignedCheckpoint(checkpoint).checkpoint;
  expect(base64Encode(merkleRoot(hasher, leaves))).toBe(base64Encode(root));
});

test("the published checkpoint verifies with the published vkey", async () => {
  const key = parseVkey(sha256, vectors.vkey);
  expect(printVkey(key)).toBe(vectors.vkey);
  const verdict = await verifyCheckpoint(check, parseSignedCheckpoint(checkpoint), [key]);
  expect(verdict).toEqual({ verdict: "verified", keys: [key] });
});

test("signing the published tree with the published seed gives the published note byte for byte", async () => {
  const der = concatBytes([hexDecode("302e020100300506032b657004220420"), hexDecode(vectors.seed)]);
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey)
    .export({ format: "der", type: "spki" })
    .subarray(12);
  const signer = { publicKey, sign: (message: Uint8Array) => sign(null, message, privateKey) };
  const tree = { origin: vectors.origin, size: 5, root: merkleRoot(hasher, leaves) };
  const note = await signCheckpoint(tree, [createNoteSigner(sha256, vectors.origin, signer)]);
  expect(note).toBe(vectors.checkpoint);
});

test("the decision's inclusion proof is the published one and verifies", () => {
  expect(inclusionProof(hasher, leaves, 2).map(base64Encode)).toEqual(vectors.inclusion_of_2);
  const { root } = parseSignedCheckpoint(checkpoint).checkpoint;
  const proof = vectors.inclusion_of_2.map(decode);
  const leafHash = hexDecode(vectors.leaf[2]);
  expect(verifyInclusion(hasher, { index: 2, size: 5, leafHash, proof, root })).toBe("ok");
});

test("the consistency proof from 3 to 5 is the published one and verifies", () => {
  expect(consistencyProof(hasher, leaves, 3).map(base64Encode)).toEqual(vectors.consistency_3_to_5);
  const toRoot = parseSignedCheckpoint(checkpoint).checkpoint.root;
  const fromRoot = merkleRoot(hasher, leaves.slice(0, 3));
  const proof = vectors.consistency_3_to_5.map(decode);
  expect(verifyConsistency(hasher, { fromSize: 3, fromRoot, toSize: 5, toRoot, proof })).toBe("ok");
});

test("folding each class gives the accumulators that the published seal commits", () => {
  const classes: string[] = lines.map((line) => JSON.parse(line).class);
  for (const [name, expected] of Object.entries(vectors.accumulators)) {
    const accumulator = createAccumulator(sha256);
    digests.forEach((digest, i) => {
      if (classes[i] === name) accumulator.fold(digest);
    });
    expect(hexEncode(accumulator.value())).toBe(expected);
  }
});

test("the RFC 6962 reference tree has its reference root", () => {
  const entries = vectors.rfc6962.entries.map((entry: string) => hasher.leaf(hexDecode(entry)));
  expect(hexEncode(merkleRoot(hasher, entries))).toBe(vectors.rfc6962.root);
});

test("the example note of C2SP signed-note verifies with its key", async () => {
  const note = parseNote(utf8Encode(vectors.signed_note.note));
  const key = parseVkey(sha256, vectors.signed_note.vkey);
  expect(key.id).toBe("530d903a");
  expect(await verifyNote(check, note, [key])).toEqual({ verdict: "verified", keys: [key] });
});
