import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkSignature, createTestSigner, sha256 } from "../../../test/support/crypto.ts";
import { createAccumulator } from "./accumulator.ts";
import { base64Decode, base64Encode, base64UrlDecode, base64UrlEncode } from "./base64.ts";
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
import { createSampleRanker, sampleSeed, selectSample } from "./sample.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

const fixtures = new URL("../../../test/fixtures/proof/", import.meta.url);
const vectors = JSON.parse(readFileSync(new URL("vectors.json", fixtures), "utf8"));
const lines = readFileSync(new URL("records.jsonl", fixtures), "utf8").trimEnd().split("\n");

const hasher = createTreeHasher(sha256);
const digests = lines.map((line) => sha256(utf8Encode(line)));
const leaves = digests.map((digest) => hasher.leaf(digest));
const published = utf8Encode(vectors.checkpoint);

test("the five records hash to the published digests and leaves", () => {
  expect(digests.map(hexEncode)).toEqual(vectors.record_sha256);
  expect(leaves.map(hexEncode)).toEqual(vectors.leaf);
});

test("the five leaves give the root of the published checkpoint", () => {
  expect(merkleRoot(hasher, leaves)).toEqual(parseSignedCheckpoint(published).checkpoint.root);
});

test("the published checkpoint verifies with the published vkey", async () => {
  const key = parseVkey(sha256, vectors.vkey);
  expect(printVkey(key)).toBe(vectors.vkey);
  const verdict = await verifyCheckpoint(checkSignature, parseSignedCheckpoint(published), [key]);
  expect(verdict).toEqual({ verdict: "verified", keys: [key] });
});

test("signing the published tree with the published seed gives the published note byte for byte", async () => {
  const signer = createTestSigner(hexDecode(vectors.seed));
  const tree = { origin: vectors.origin, size: 5, root: merkleRoot(hasher, leaves) };
  const note = await signCheckpoint(tree, [createNoteSigner(sha256, vectors.origin, signer)]);
  expect(note).toBe(vectors.checkpoint);
});

test("the decision's inclusion proof is the published one and verifies", () => {
  expect(inclusionProof(hasher, leaves, 2).map(base64Encode)).toEqual(vectors.inclusion_of_2);
  const { root } = parseSignedCheckpoint(published).checkpoint;
  const proof = vectors.inclusion_of_2.map(base64Decode);
  const leafHash = hexDecode(vectors.leaf[2]);
  expect(verifyInclusion(hasher, { index: 2, size: 5, leafHash, proof, root })).toBe("ok");
});

test("the consistency proof from 3 to 5 is the published one and verifies", () => {
  expect(consistencyProof(hasher, leaves, 3).map(base64Encode)).toEqual(vectors.consistency_3_to_5);
  const toRoot = parseSignedCheckpoint(published).checkpoint.root;
  const fromRoot = merkleRoot(hasher, leaves.slice(0, 3));
  const proof = vectors.consistency_3_to_5.map(base64Decode);
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
    expect(accumulator.count).toBe(classes.filter((each) => each === name).length);
  }
});

test("the published seed, keys and order of the sample come out", () => {
  const { control, auditor_seed, seed, key_starts, order } = vectors.sample;
  const checkpointBody = parseSignedCheckpoint(published).note.text;
  const made = sampleSeed(sha256, {
    checkpointBody,
    controlId: control,
    auditorSeed: auditor_seed,
  });
  expect(hexEncode(made)).toBe(seed);
  const rank = createSampleRanker(sha256, made);
  const records = digests.slice(0, 4);
  expect(records.map((record) => hexEncode(rank(record)).slice(0, 8))).toEqual(key_starts);
  expect(selectSample(rank, records, 4).map(({ position }) => position)).toEqual(order);
});

test("the published disclosure gives the digest that stands in the published record", () => {
  const { salt_hex, path, value, disclosure, digest } = vectors.disclosure;
  const salt = base64UrlEncode(hexDecode(salt_hex));
  expect(utf8Decode(base64UrlDecode(disclosure))).toBe(JSON.stringify([salt, path, value]));
  expect(base64UrlEncode(sha256(utf8Encode(disclosure)))).toBe(digest);
  expect(JSON.parse(lines[1] ?? "").sd[path]).toBe(digest);
});

test("the RFC 6962 reference tree has its reference root", () => {
  const entries = vectors.rfc6962.entries.map((entry: string) => hasher.leaf(hexDecode(entry)));
  expect(hexEncode(merkleRoot(hasher, entries))).toBe(vectors.rfc6962.root);
});

test("the example note of C2SP signed-note verifies with its key", async () => {
  const note = parseNote(utf8Encode(vectors.signed_note.note));
  const key = parseVkey(sha256, vectors.signed_note.vkey);
  expect(key.id).toBe("530d903a");
  expect(await verifyNote(checkSignature, note, [key])).toEqual({
    verdict: "verified",
    keys: [key],
  });
});
