import { utf8Encode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { limits } from "./limits.ts";

/**
 * One line of records/, seals.jsonl and run.jsonl: `{"i":<leaf>,"c":"<canonical text>"}`. The canonical text stands in
 * it as a JSON string, so that a line is JSON and the hashed bytes come back exactly.
 */
export function printRow(leaf: number, canonical: string): string {
  return `{"i":${leaf},"c":${JSON.stringify(canonical)}}\n`;
}

/** The canonical bytes are those from 0 to `length`; the buffer is used again for the next row. */
export type RowVisitor = (leaf: number, bytes: Uint8Array, length: number) => void;

const head = utf8Encode('{"i":');
const middle = utf8Encode(',"c":"');
const tail = utf8Encode('"}');
const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Visits every row in the order of the file. Only the one form that `printRow` writes is taken: within it the only
 * escapes are of quote and backslash, because canonical text has no raw control characters. Throws ROW_FORMAT with the
 * line number.
 */
export function visitRows(file: Uint8Array, visit: RowVisitor): void {
  const buffer = new Uint8Array(limits.rowLineBytesMax);
  let line = 1;
  for (let at = 0; at < file.length; line++) {
    const end = file.indexOf(newline, at);
    if (end < 0 || end - at > limits.rowLineBytesMax) throw malformed(line);
    visitLine(file, at, end, line, buffer, visit);
    at = end + 1;
  }
}

function visitLine(
  file: Uint8Array,
  start: number,
  end: number,
  line: number,
  buffer: Uint8Array,
  visit: RowVisitor,
): void {
  let at = expect(file, start, head, line);
  const digits = at;
  let leaf = 0;
  while (isDigit(file[at])) {
    leaf = leaf * 10 + ((file[at] ?? 0) - 0x30);
    at += 1;
  }
  const count = at - digits;
  const canonical = count > 0 && count <= 16 && (count === 1 || file[digits] !== 0x30);
  if (!canonical || !Number.isSafeInteger(leaf)) throw malformed(line);
  at = expect(file, at, middle, line);
  const last = end - tail.length;
  const length = unescapeInto(buffer, file, at, last);
  if (length < 0) throw malformed(line);
  expect(file, last, tail, line);
  visit(leaf, buffer, length);
}

/** Answers the length, or -1 where a quote is bare or another escape stands. */
function unescapeInto(buffer: Uint8Array, file: Uint8Array, start: number, end: number): number {
  let length = 0;
  let at = start;
  while (at < end) {
    let byte = file[at] ?? 0;
    at += 1;
    if (byte === backslash) {
      byte = at < end ? (file[at] ?? 0) : 0;
      at += 1;
      if (byte !== quote && byte !== backslash) return -1;
    } else if (byte === quote) return -1;
    buffer[length] = byte;
    length += 1;
  }
  return length;
}

function expect(file: Uint8Array, at: number, word: Uint8Array, line: number): number {
  for (let i = 0; i < word.length; i++) if (file[at + i] !== word[i]) throw malformed(line);
  return at + word.length;
}

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39;

function malformed(line: number): VerifyError {
  return new VerifyError("ROW_FORMAT", `line ${line} is not a row`);
}
