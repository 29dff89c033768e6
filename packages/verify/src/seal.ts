import { type RecordClass, recordClasses } from "@custody/model";
import { accumulatorStart, hexDecode, hexEncode, type Sha256, utf8Decode } from "@custody/proof";
import { createCanonicalScanner } from "./canonical-scan.ts";
import { VerifyError } from "./errors.ts";
import { visitRows } from "./row.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** A canonical record of ours with its place: what seals.jsonl and run.jsonl hold. */
export interface PlacedText {
  readonly leaf: number;
  readonly sha: string;
  readonly digest: Uint8Array;
  readonly record: Shape;
}

/** Cumulative since the ledger began; classes never seen count zero. */
export interface PlacedSeal {
  readonly leaf: number;
  readonly sha: string;
  readonly rx: string;
  readonly digest: Uint8Array;
  readonly roster: readonly { readonly origin: string; readonly size: number }[];
  count(name: RecordClass): number;
  accumulator(name: RecordClass): Uint8Array;
}

/** Reads a small file of rows; every one must be canonical. */
export function readPlacedTexts(sha256: Sha256, file: Uint8Array, rowsMax: number): PlacedText[] {
  const scanner = createCanonicalScanner([]);
  const texts: PlacedText[] = [];
  visitRows(file, (leaf, bytes, length) => {
    if (texts.length === rowsMax) throw new VerifyError("ROW_FORMAT", `more than ${rowsMax} rows`);
    const canonical = bytes.slice(0, length);
    if (!scanner.scan(canonical, 0, length)) {
      throw new VerifyError("ROW_FORMAT", `leaf ${leaf} is not canonical`);
    }
    const digest = sha256(canonical);
    const record = shapeOf(JSON.parse(utf8Decode(canonical)), `leaf ${leaf}`);
    texts.push({ leaf, sha: hexEncode(digest), digest, record });
  });
  return texts;
}

export function parseSeal({ leaf, sha, digest, record }: PlacedText, tenant: string): PlacedSeal {
  assertOwnRecord(record, "seal", tenant);
  const body = record.object("body");
  const counts = body.object("counts");
  const acc = body.object("acc");
  if (body.count("to") !== leaf || body.count("from") > leaf) {
    throw new VerifyError("SHAPE", `seal at leaf ${leaf} names other leaves`);
  }
  const state = new Map(recordClasses.map((name) => [name, stateOf(name, counts, acc)]));
  return {
    leaf,
    sha,
    digest,
    rx: record.text("rx"),
    roster: body
      .objects("roster")
      .map((entry) => ({ origin: entry.text("origin"), size: entry.count("size") })),
    count: (name) => state.get(name)?.count ?? 0,
    accumulator: (name) => state.get(name)?.value ?? accumulatorStart(),
  };
}

function stateOf(
  name: RecordClass,
  counts: Shape,
  acc: Shape,
): { count: number; value: Uint8Array } {
  const count = counts.optionalCount(name) ?? 0;
  const value = acc.value(name) === undefined ? accumulatorStart() : hexDecode(acc.digest(name));
  return { count, value };
}

/** Custody's own records say so in how they were authenticated; no agent's credential can make one. */
export function assertOwnRecord(record: Shape, name: RecordClass, tenant: string): void {
  const own = record.object("src").object("auth").text("method") === "internal";
  if (record.text("class") !== name || record.text("tenant") !== tenant || !own) {
    throw new VerifyError("SHAPE", `${record.path} is no ${name} record of this ledger's own`);
  }
}
