import { Buffer, isUtf8 } from "node:buffer";
import { JsonScan } from "./json-scan.ts";
import { OtlpError } from "./malformed.ts";

/** The parsed value of JSON bytes, and how many of its texts were repaired. Integers beyond 2^53 are decimal text. */
export interface ParsedJson {
  readonly value: unknown;
  readonly repaired: number;
}

/** Parses hostile bytes: UTF-8, grammar, depth and size are proven before anything is built. Throws `OtlpError`. */
export function parseJson(borrowed: Uint8Array): ParsedJson {
  const bytes = Buffer.from(borrowed.buffer, borrowed.byteOffset, borrowed.byteLength);
  if (!isUtf8(bytes)) {
    throw new OtlpError("OTLP_JSON", "not UTF-8", `byte ${firstNotUtf8(bytes)}`);
  }
  const scan = new JsonScan(bytes);
  scan.run();
  const mended = withQuotes(withoutSurrogates(bytes, scan.surrogates), scan.integers);
  return { value: JSON.parse(mended.toString("utf8")), repaired: scan.repaired };
}

/** Writes U+FFFD over lone surrogates, in a copy: the bytes are borrowed. */
function withoutSurrogates(bytes: Buffer, surrogates: readonly number[]): Buffer {
  if (surrogates.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  for (const at of surrogates) copy.write("fffd", at + 2, "latin1");
  return copy;
}

/** Puts quotes around integers that a double might not hold: OTLP/JSON reads both forms alike, and text stays exact. */
function withQuotes(bytes: Buffer, integers: readonly number[]): Buffer {
  if (integers.length === 0) return bytes;
  const out = Buffer.allocUnsafe(bytes.length + integers.length);
  let from = 0;
  let to = 0;
  for (const edge of integers) {
    to += bytes.copy(out, to, from, edge);
    to = out.writeUInt8(0x22, to);
    from = edge;
  }
  bytes.copy(out, to, from);
  return out;
}

/** Offset of the first byte that is not UTF-8: the first U+FFFD of the decoded text that the sender did not write. */
function firstNotUtf8(bytes: Buffer): number {
  const parts = bytes.toString("utf8").split("\uFFFD");
  let at = 0;
  for (const part of parts) {
    at += Buffer.byteLength(part);
    if (bytes.toString("hex", at, at + 3) !== "efbfbd") break;
    at += 3;
  }
  return at;
}
