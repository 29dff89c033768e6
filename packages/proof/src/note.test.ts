import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSignature, createTestSigner, sha256 } from "../../../test/support/crypto.ts";
import { base64Encode } from "./base64.ts";
import { ProofError, type ProofErrorCode } from "./errors.ts";
import { createNoteKey, parseVkey, printVkey } from "./key.ts";
import { createNoteSigner, parseNote, printNote, signNote, verifyNote } from "./note.ts";
import { utf8Encode } from "./utf8.ts";

const signer = createTestSigner(new Uint8Array(32).fill(3));
const other = createTestSigner(new Uint8Array(32).fill(4));
const noteSigner = createNoteSigner(sha256, "log.example/a", signer);
const otherSigner = createNoteSigner(sha256, "log.example/b", other);
const known = [noteSigner.key];
const blob = base64Encode(new Uint8Array(68));

const codeOf = (act: () => unknown): ProofErrorCode | "accepted" => {
  try {
    act();
    return "accepted";
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
};

test("a note with empty lines in its text survives signing, printing and parsing", async () => {
  const text = "one\n\n\ntwo \u2014 three\n\n";
  const printed = await signNote(text, [noteSigner, otherSigner]);
  const note = parseNote(utf8Encode(printed));
  expect(note.text).toBe(text);
  expect(printNote(note)).toBe(printed);
  expect(await verifyNote(checkSignature, note, known)).toEqual({
    verdict: "verified",
    keys: known,
  });
});

test("two known keys both count: a rotation is signed by the old and the new", async () => {
  const note = parseNote(utf8Encode(await signNote("text\n", [noteSigner, otherSigner])));
  const verdict = await verifyNote(checkSignature, note, [noteSigner.key, otherSigner.key]);
  expect(verdict).toEqual({ verdict: "verified", keys: [noteSigner.key, otherSigner.key] });
});

test("a note that only unknown keys signed is unknown, not verified", async () => {
  const note = parseNote(utf8Encode(await signNote("text\n", [otherSigner])));
  expect(await verifyNote(checkSignature, note, known)).toEqual({ verdict: "unknown" });
});

test("one forged signature under a known key condemns the note even beside a good one", async () => {
  const good = parseNote(utf8Encode(await signNote("text\n", [noteSigner])));
  const [line] = good.signatures;
  if (line === undefined) throw new Error("signed note without signature");
  const forged = {
    ...line,
    signature: line.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
  };
  const verdict = await verifyNote(
    checkSignature,
    { text: good.text, signatures: [line, forged] },
    known,
  );
  expect(verdict).toEqual({ verdict: "forged", key: noteSigner.key });
});

test("a changed text is forged under the key that signed the old one", async () => {
  const note = parseNote(utf8Encode(await signNote("size 5\n", [noteSigner])));
  const verdict = await verifyNote(checkSignature, { ...note, text: "size 6\n" }, known);
  expect(verdict).toEqual({ verdict: "forged", key: noteSigner.key });
});

test("an unknown key that shares the name, or the id, of a known one is ignored", async () => {
  const note = parseNote(utf8Encode(await signNote("text\n", [noteSigner])));
  const twins = note.signatures.flatMap((line) => [
    { ...line, keyId: "00000000", signature: new Uint8Array(64) },
    { ...line, name: "someone.else", signature: new Uint8Array(64) },
  ]);
  const signatures = [...twins, ...note.signatures];
  expect(await verifyNote(checkSignature, { text: note.text, signatures }, known)).toEqual({
    verdict: "verified",
    keys: known,
  });
  expect(await verifyNote(checkSignature, { text: note.text, signatures: twins }, known)).toEqual({
    verdict: "unknown",
  });
});

const line = `\u2014 a ${blob}\n`;
const malformed: readonly (readonly [string, string, ProofErrorCode])[] = [
  ["no signature", "text\n", "NOTE_FORMAT"],
  ["no blank line", `text\n${line}`, "NOTE_FORMAT"],
  ["no final newline", `text\n\n${line.trimEnd()}`, "NOTE_FORMAT"],
  ["a trailing empty line", `text\n\n${line}\n`, "NOTE_FORMAT"],
  ["a tab", `te\txt\n\n${line}`, "NOTE_FORMAT"],
  ["a carriage return", `text\r\n\n${line}`, "NOTE_FORMAT"],
  ["a NUL", `te\u0000xt\n\n${line}`, "NOTE_FORMAT"],
  ["a hyphen for the em dash", `text\n\n- a ${blob}\n`, "NOTE_FORMAT"],
  ["no name", `text\n\n\u2014  ${blob}\n`, "NOTE_FORMAT"],
  ["a plus in the name", `text\n\n\u2014 a+b ${blob}\n`, "NOTE_KEY_NAME"],
  ["a no-break space in the name", `text\n\n\u2014 a\u00a0b ${blob}\n`, "NOTE_KEY_NAME"],
  ["a second field", `text\n\n\u2014 a ${blob} ${blob}\n`, "NOTE_FORMAT"],
  ["url-safe base64", "text\n\n\u2014 a AAAA-AAA\n", "NOTE_FORMAT"],
  ["unpadded base64", "text\n\n\u2014 a AAAAAAA\n", "BASE64"],
  ["only a key id", "text\n\n\u2014 a AAAAAA==\n", "NOTE_FORMAT"],
  ["65 signatures", `text\n\n${line.repeat(65)}`, "NOTE_LIMIT"],
  ["a megabyte", `${"x".repeat(1_000_000)}\n\n${line}`, "NOTE_LIMIT"],
];
test.each(malformed)("a note with %s is refused", (_, text, code) => {
  expect(codeOf(() => parseNote(utf8Encode(text)))).toBe(code);
});

test("a note of 16 signatures is accepted, as every verifier must", () => {
  expect(parseNote(utf8Encode(`text\n\n${line.repeat(16)}`)).signatures).toHaveLength(16);
});

test("any text either fails with a code of this package or prints back as it was", () => {
  const part = fc.constantFrom("\n", "\n\n", "\u2014 ", "a", " ", blob, "+", "text", "=", "\u2028");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const text = parts.join("");
      if (codeOf(() => parseNote(utf8Encode(text))) !== "accepted") return;
      expect(printNote(parseNote(utf8Encode(text)))).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test("a vkey survives, and one with another id, type, length or shape is refused", () => {
  const { publicKey } = signer;
  const key = createNoteKey(sha256, { name: "w.example", type: "cosignature", publicKey });
  const vkey = printVkey(key);
  expect(parseVkey(sha256, vkey)).toEqual(key);
  const [name, id, encoded] = vkey.split("+", 2).concat(vkey.slice(vkey.indexOf("+", 10) + 1));
  const flipped = `${id === "00000000" ? "11111111" : "00000000"}`;
  const typed = (type: number, length: number): string =>
    `${name}+${id}+${base64Encode(Uint8Array.of(type, ...new Uint8Array(length)))}`;
  const refused: readonly (readonly [string, ProofErrorCode])[] = [
    [`${name}+${flipped}+${encoded}`, "NOTE_KEY_ID"],
    [typed(0x02, 32), "NOTE_KEY_TYPE"],
    [typed(0x01, 31), "KEY_LENGTH"],
    [`${name}+${id?.toUpperCase()}x+${encoded}`, "NOTE_VKEY"],
    [`+${id}+${encoded}`, "NOTE_KEY_NAME"],
    ["", "NOTE_VKEY"],
  ];
  for (const [text, code] of refused) expect(codeOf(() => parseVkey(sha256, text))).toBe(code);
});

test("nothing unparsable can be signed: a text without final newline, a name with a space", async () => {
  await expect(signNote("text", [noteSigner])).rejects.toMatchObject({ code: "NOTE_FORMAT" });
  expect(codeOf(() => createNoteSigner(sha256, "two words", signer))).toBe("NOTE_KEY_NAME");
  expect(codeOf(() => createNoteSigner(sha256, "x".repeat(256), signer))).toBe("NOTE_KEY_NAME");
});
