import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSignature, createTestSigner, sha256 } from "../../../test/support/crypto.ts";
import {
  parseCheckpoint,
  parseSignedCheckpoint,
  printCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from "./checkpoint.ts";
import { addSignatures, cosign, verifyQuorum } from "./cosignature.ts";
import { createNoteKey } from "./key.ts";
import { createNoteSigner } from "./note.ts";
import { utf8Encode } from "./utf8.ts";

const root = sha256(Uint8Array.of(1));
const rootText = Buffer.from(root).toString("base64");
const origin = "log.example/acme/audit-0";

test("every checkpoint survives its text, up to 2^53 - 1 leaves", () => {
  const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(size, digest, (leaves, hash) => {
      const checkpoint = { origin, size: leaves, root: hash };
      expect(parseCheckpoint(printCheckpoint(checkpoint))).toEqual(checkpoint);
    }),
  );
});

const refused: readonly (readonly [string, string, string])[] = [
  ["a leading zero in its size", `${origin}\n05\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["a sign before its size", `${origin}\n+5\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["a negative size", `${origin}\n-5\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["an exponent", `${origin}\n5e3\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["a hexadecimal size", `${origin}\n0x5\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["a size of 2^53", `${origin}\n9007199254740992\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["a size of 400 digits", `${origin}\n${"9".repeat(400)}\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["Arabic digits", `${origin}\n\u0665\n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["a space after its size", `${origin}\n5 \n${rootText}\n`, "CHECKPOINT_SIZE"],
  ["an empty size", `${origin}\n\n${rootText}\n`, "CHECKPOINT_SIZE"],
  [
    "a root of 31 bytes",
    `${origin}\n5\n${Buffer.alloc(31).toString("base64")}\n`,
    "CHECKPOINT_ROOT",
  ],
  ["an unpadded root", `${origin}\n5\n${rootText.replace("=", "")}\n`, "CHECKPOINT_ROOT"],
  ["an extension line", `${origin}\n5\n${rootText}\nextra\n`, "CHECKPOINT_EXTENSION"],
  ["an empty line behind", `${origin}\n5\n${rootText}\n\n`, "CHECKPOINT_EXTENSION"],
  ["no final newline", `${origin}\n5\n${rootText}`, "CHECKPOINT_FORMAT"],
  ["two lines", `${origin}\n5\n`, "CHECKPOINT_FORMAT"],
  ["an empty origin", `\n5\n${rootText}\n`, "CHECKPOINT_ORIGIN"],
  ["a space in its origin", `a b\n5\n${rootText}\n`, "CHECKPOINT_ORIGIN"],
];
test.each(refused)("a checkpoint with %s is refused", (_, body, code) => {
  expect(() => parseCheckpoint(body)).toThrow(expect.objectContaining({ code }));
});

test("a good signature under another name does not speak for the origin", async () => {
  const signer = createTestSigner();
  const stranger = createNoteSigner(sha256, "someone.else/log", signer);
  const printed = await signCheckpoint({ origin, size: 1, root }, [stranger]);
  const signed = parseSignedCheckpoint(utf8Encode(printed));
  expect(await verifyCheckpoint(checkSignature, signed, [stranger.key])).toEqual({
    verdict: "unknown",
  });
});

async function cosigned(names: readonly string[]) {
  const log = createNoteSigner(sha256, origin, createTestSigner());
  const signed = parseSignedCheckpoint(
    utf8Encode(await signCheckpoint({ origin, size: 1, root }, [log])),
  );
  const witnesses = names.map((name) => ({ name, signer: createTestSigner() }));
  const lines = await Promise.all(
    witnesses.map((witness, i) =>
      cosign(sha256, signed.note, { ...witness, timeSeconds: 1_790_000_000 + i }),
    ),
  );
  const keys = witnesses.map(({ name, signer }) =>
    createNoteKey(sha256, { name, type: "cosignature", publicKey: signer.publicKey }),
  );
  return { log, signed, lines, keys };
}

test("a quorum is met by distinct witnesses, with the time each saw the tree", async () => {
  const { log, signed, lines, keys } = await cosigned(["w1.example", "w2.example", "w3.example"]);
  const note = parseSignedCheckpoint(utf8Encode(addSignatures(signed.note, lines)));
  expect(await verifyCheckpoint(checkSignature, note, [log.key])).toMatchObject({
    verdict: "verified",
  });
  const verdict = await verifyQuorum(checkSignature, note.note, { witnesses: keys, quorum: 3 });
  expect(verdict).toEqual({
    verdict: "met",
    sightings: keys.map((witness, i) => ({ witness, timeSeconds: 1_790_000_000 + i })),
  });
  const more = await verifyQuorum(checkSignature, note.note, { witnesses: keys, quorum: 4 });
  expect(more.verdict).toBe("short");
});

test("one witness signing twice, or under two names, counts once", async () => {
  const { signed } = await cosigned([]);
  const signer = createTestSigner();
  const names = ["w.example", "alias.example"];
  const lines = await Promise.all(
    ["w.example", "w.example", "alias.example"].map((name, i) =>
      cosign(sha256, signed.note, { name, signer, timeSeconds: 1_790_000_000 + i }),
    ),
  );
  const witnesses = names.map((name) =>
    createNoteKey(sha256, { name, type: "cosignature", publicKey: signer.publicKey }),
  );
  const note = parseSignedCheckpoint(utf8Encode(addSignatures(signed.note, lines))).note;
  const verdict = await verifyQuorum(checkSignature, note, { witnesses, quorum: 2 });
  expect(verdict).toMatchObject({ verdict: "short", sightings: [{}] });
});

test("a cosignature whose time was changed is forged", async () => {
  const { signed, lines, keys } = await cosigned(["w1.example"]);
  const changed = lines.map((line) => ({
    ...line,
    signature: line.signature.map((byte, i) => (i === 7 ? byte ^ 1 : byte)),
  }));
  const note = { ...signed.note, signatures: changed };
  const verdict = await verifyQuorum(checkSignature, note, { witnesses: keys, quorum: 1 });
  expect(verdict).toEqual({ verdict: "forged", witness: keys[0] });
});

test("the log's own key is no witness of itself, and a quorum of none is refused", async () => {
  const { log, signed } = await cosigned([]);
  const verdict = await verifyQuorum(checkSignature, signed.note, {
    witnesses: [log.key],
    quorum: 1,
  });
  expect(verdict).toEqual({ verdict: "short", sightings: [] });
  await expect(
    verifyQuorum(checkSignature, signed.note, { witnesses: [], quorum: 0 }),
  ).rejects.toMatchObject({ code: "COSIGNATURE_QUORUM" });
});
