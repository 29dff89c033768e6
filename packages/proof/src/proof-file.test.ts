import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSignature, createTestSigner, sha256 } from "../../../test/support/crypto.ts";
import {
  parseEnvelope,
  preAuthenticationEncoding,
  printEnvelope,
  signEnvelope,
  verifyEnvelope,
} from "./dsse.ts";
import { ProofError } from "./errors.ts";
import { parseGrowthProof, printGrowthProof } from "./growth-proof.ts";
import { createTreeHasher } from "./hasher.ts";
import { hexDecode } from "./hex.ts";
import { checkTlogProof, parseTlogProof, printTlogProof } from "./tlog-proof.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

const fixture = new URL("../../../test/fixtures/proof/vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(fixture, "utf8"));
const hasher = createTreeHasher(sha256);
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const index = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

const published = `c2sp.org/tlog-proof@v1\nindex 2\n${vectors.inclusion_of_2.join("\n")}\n\n${vectors.checkpoint}`;
const publishedGrowth = `old 3\n${vectors.consistency_3_to_5.join("\n")}\n\n${vectors.checkpoint}`;

test("the published proof as a file leads from the decision to the signed root, and from nothing else", () => {
  const proof = parseTlogProof(utf8Encode(published));
  expect(printTlogProof(proof)).toBe(published);
  const leaves = vectors.leaf.map(hexDecode);
  const verdicts = leaves.map((leaf: Uint8Array) => checkTlogProof(hasher, proof, leaf).verdict);
  expect(verdicts).toEqual([
    "root_mismatch",
    "root_mismatch",
    "ok",
    "root_mismatch",
    "root_mismatch",
  ]);
});

test("the published growth as a file survives", () => {
  const growth = parseGrowthProof(utf8Encode(publishedGrowth));
  expect(growth.oldSize).toBe(3);
  expect(growth.hashes).toHaveLength(4);
  expect(printGrowthProof(growth)).toBe(publishedGrowth);
});

test("any proof survives its file, with and without extra data", () => {
  const checkpoint = utf8Encode(vectors.checkpoint);
  const extra = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined });
  fc.assert(
    fc.property(index, fc.array(hash, { maxLength: 53 }), extra, (at, hashes, opaque) => {
      const proof = {
        index: at,
        hashes,
        checkpoint,
        ...(opaque === undefined ? {} : { extra: opaque }),
      };
      expect(parseTlogProof(utf8Encode(printTlogProof(proof)))).toEqual(proof);
      const growth = { oldSize: at, hashes, checkpoint };
      expect(parseGrowthProof(utf8Encode(printGrowthProof(growth)))).toEqual(growth);
    }),
    { numRuns: 40 },
  );
});

const [firstHash] = vectors.inclusion_of_2;
const malformed: readonly (readonly [string, string, string])[] = [
  ["another version", published.replace("@v1", "@v2"), "PROOF_FORMAT"],
  ["no index", published.replace("index 2\n", ""), "PROOF_FORMAT"],
  ["a leading zero in the index", published.replace("index 2", "index 02"), "PROOF_FORMAT"],
  ["a negative index", published.replace("index 2", "index -2"), "PROOF_FORMAT"],
  ["an index of 2^53", published.replace("index 2", "index 9007199254740992"), "PROOF_FORMAT"],
  ["two indices", published.replace("index 2\n", "index 2\nindex 2\n"), "PROOF_FORMAT"],
  [
    "extra data behind the index",
    published.replace("index 2\n", "index 2\nextra AAAA\n"),
    "PROOF_FORMAT",
  ],
  ["a short hash", published.replace(firstHash, "AAAA"), "PROOF_FORMAT"],
  ["an unpadded hash", published.replace(firstHash, firstHash.slice(0, -1)), "PROOF_FORMAT"],
  ["no checkpoint", published.slice(0, published.indexOf("\n\n") + 1), "PROOF_FORMAT"],
  ["54 hashes", published.replace(firstHash, `${firstHash}\n`.repeat(52).trimEnd()), "PROOF_LIMIT"],
  ["windows newlines", published.replaceAll("\n", "\r\n"), "PROOF_FORMAT"],
  ["too many bytes", published + "x".repeat(1_200_000), "PROOF_LIMIT"],
];
test.each(malformed)("a proof file with %s is refused", (_, text, code) => {
  expect(() => parseTlogProof(utf8Encode(text))).toThrow(expect.objectContaining({ code }));
});

test("a growth file without its old size, or with too many hashes, is refused", () => {
  const cases = [
    [publishedGrowth.replace("old 3\n", ""), "PROOF_FORMAT"],
    [publishedGrowth.replace("old 3", "old 03"), "PROOF_FORMAT"],
    ["old 3\n", "PROOF_FORMAT"],
    [publishedGrowth.replace("old 3\n", `old 3\n${`${firstHash}\n`.repeat(51)}`), "PROOF_LIMIT"],
  ] as const;
  for (const [text, code] of cases) {
    expect(() => parseGrowthProof(utf8Encode(text))).toThrow(expect.objectContaining({ code }));
  }
});

test("a checkpoint inside a proof that is no checkpoint is refused when the proof is checked", () => {
  const proof = parseTlogProof(utf8Encode(published.replace("\n5\n", "\n05\n")));
  const [leaf] = vectors.leaf.map(hexDecode);
  expect(() => checkTlogProof(hasher, proof, leaf)).toThrow(ProofError);
});

test("the DSSE encoding is the one of the specification's protocol text", () => {
  // secure-systems-lab/dsse protocol.md, its test vector for payload "hello world".
  const encoded = preAuthenticationEncoding(
    "http://example.com/HelloWorld",
    utf8Encode("hello world"),
  );
  expect(utf8Decode(encoded)).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  const empty = preAuthenticationEncoding("\u00e9", new Uint8Array(0));
  expect(utf8Decode(empty)).toBe("DSSEv1 2 \u00e9 0 ");
});

test("an envelope survives its file and verifies under its own key only", async () => {
  const signer = createTestSigner();
  const content = { payloadType: "application/vnd.in-toto+json", payload: utf8Encode("{}") };
  const printed = printEnvelope(await signEnvelope(sha256, content, signer));
  const envelope = parseEnvelope(utf8Encode(printed));
  expect(printEnvelope(envelope)).toBe(printed);
  const keys = [createTestSigner().publicKey, signer.publicKey];
  expect(await verifyEnvelope(checkSignature, envelope, keys)).toEqual({
    verdict: "verified",
    publicKey: signer.publicKey,
  });
  const refused = [
    await verifyEnvelope(checkSignature, envelope, [createTestSigner().publicKey]),
    await verifyEnvelope(checkSignature, envelope, []),
    await verifyEnvelope(checkSignature, { ...envelope, payload: utf8Encode("[]") }, keys),
    await verifyEnvelope(checkSignature, { ...envelope, payloadType: "text/plain" }, keys),
    await verifyEnvelope(checkSignature, { ...envelope, signatures: [] }, keys),
  ];
  expect(refused.map(({ verdict }) => verdict)).toEqual(Array(5).fill("unverified"));
});

const hostileEnvelopes = [
  "",
  "null",
  "[]",
  "{}",
  '{"payload":1,"payloadType":"t","signatures":[]}',
  '{"payload":"","payloadType":"t","signatures":{}}',
  '{"payload":"","payloadType":"t","signatures":[null]}',
  '{"payload":"","payloadType":"t","signatures":[{"sig":1}]}',
];
test.each(hostileEnvelopes)("the envelope %j is refused", (text) => {
  expect(() => parseEnvelope(utf8Encode(text))).toThrow(
    expect.objectContaining({ code: "DSSE_FORMAT" }),
  );
});

test("an envelope whose payload is not canonical base64, or with 17 signatures, is refused", () => {
  const loose = '{"payload":"AB==","payloadType":"t","signatures":[]}';
  expect(() => parseEnvelope(utf8Encode(loose))).toThrow(
    expect.objectContaining({ code: "BASE64" }),
  );
  const signatures = Array(17).fill({ keyid: "", sig: "" });
  const many = JSON.stringify({ payload: "", payloadType: "t", signatures });
  expect(() => parseEnvelope(utf8Encode(many))).toThrow(
    expect.objectContaining({ code: "DSSE_LIMIT" }),
  );
});
