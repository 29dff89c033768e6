import { ModelError } from "./errors.ts";
import type { Disclosure } from "./stage.ts";

/** One row of a batch file: a leaf, its canonical bytes and, outside the hash, its claim and content. */
export interface BatchRow {
  readonly leaf: number;
  /** 32 bytes. */
  readonly sha: Uint8Array;
  /** 16 bytes. */
  readonly id: Uint8Array;
  /** 16 bytes. */
  readonly claim: Uint8Array;
  readonly canonical: Uint8Array;
  readonly content: readonly Disclosure[];
}

/** The columns of a batch file, in order: a file is one ClickHouse Native block, so it is journal and insert payload at once (design 5). */
export const batchColumns = [
  ["ledger", "String"],
  ["leaf", "UInt64"],
  ["sha", "FixedString(32)"],
  ["id", "FixedString(16)"],
  ["claim", "FixedString(16)"],
  ["canonical", "String"],
  ["content", "Array(Tuple(String, String))"],
] as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Encodes rows of one ledger as one Native block. */
export function encodeBatch(ledger: string, rows: readonly BatchRow[]): Uint8Array {
  const out = new Growing(rows.reduce((sum, row) => sum + row.canonical.length + 512, 4096));
  out.varint(batchColumns.length);
  out.varint(rows.length);
  const name = encoder.encode(ledger);
  const disclosures = rows.flatMap((row) => row.content);
  const write: Record<(typeof batchColumns)[number][0], () => void> = {
    ledger: () => rows.forEach(() => out.string(name)),
    leaf: () => rows.forEach((row) => out.uint64(row.leaf)),
    sha: () => rows.forEach((row) => out.fixed(row.sha, 32)),
    id: () => rows.forEach((row) => out.fixed(row.id, 16)),
    claim: () => rows.forEach((row) => out.fixed(row.claim, 16)),
    canonical: () => rows.forEach((row) => out.string(row.canonical)),
    content: () => {
      let end = 0;
      for (const row of rows) {
        end += row.content.length;
        out.uint64(end);
      }
      for (const item of disclosures) out.string(encoder.encode(item.path));
      for (const item of disclosures) out.string(encoder.encode(item.disclosure));
    },
  };
  for (const [column, type] of batchColumns) {
    out.string(encoder.encode(column));
    out.string(encoder.encode(type));
    write[column]();
  }
  return out.done();
}

/** Decodes what `encodeBatch` wrote; throws BATCH_FORMAT on anything else. */
export function decodeBatch(bytes: Uint8Array): {
  readonly ledger: string;
  readonly rows: readonly BatchRow[];
} {
  const input = new Cursor(bytes);
  const columns = input.varint();
  const count = input.varint();
  if (columns !== batchColumns.length || count === 0 || count > bytes.length) {
    throw new ModelError(
      "BATCH_FORMAT",
      `${columns} columns and ${count} rows are not a batch file`,
    );
  }
  const column = (index: number): void => {
    const [name, type] = batchColumns[index] ?? ["", ""];
    if (input.text() !== name || input.text() !== type) {
      throw new ModelError("BATCH_FORMAT", `column ${index} is not ${name} ${type}`);
    }
  };
  const each = <T>(read: () => T): T[] => Array.from({ length: count }, read);
  column(0);
  const ledgers = each(() => input.text());
  column(1);
  const leaves = each(() => input.uint64());
  column(2);
  const shas = each(() => input.take(32));
  column(3);
  const ids = each(() => input.take(16));
  column(4);
  const claims = each(() => input.take(16));
  column(5);
  const canonicals = each(() => input.take(input.varint()));
  column(6);
  const ends = each(() => input.uint64());
  const total = ends[count - 1] ?? 0;
  if (total > bytes.length) {
    throw new ModelError("BATCH_FORMAT", "more disclosures than bytes");
  }
  const paths = Array.from({ length: total }, () => input.text());
  const values = Array.from({ length: total }, () => input.text());
  input.end();
  const rows = leaves.map((leaf, row): BatchRow => {
    const content: Disclosure[] = [];
    for (let item = ends[row - 1] ?? 0; item < (ends[row] ?? 0); item++) {
      content.push({ path: paths[item] ?? "", disclosure: values[item] ?? "" });
    }
    return {
      leaf,
      sha: shas[row] ?? new Uint8Array(),
      id: ids[row] ?? new Uint8Array(),
      claim: claims[row] ?? new Uint8Array(),
      canonical: canonicals[row] ?? new Uint8Array(),
      content,
    };
  });
  return { ledger: ledgers[0] ?? "", rows };
}

/** A byte buffer that grows; doubling keeps the cost per byte constant. */
class Growing {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #need(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  varint(value: number): void {
    this.#need(10);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at++] = rest;
  }

  uint64(value: number): void {
    this.#need(8);
    this.#view.setBigUint64(this.#at, BigInt(value), true);
    this.#at += 8;
  }

  fixed(bytes: Uint8Array, length: number): void {
    if (bytes.length !== length) {
      throw new ModelError("BATCH_FORMAT", `${bytes.length} bytes where ${length} belong`);
    }
    this.#need(length);
    this.#bytes.set(bytes, this.#at);
    this.#at += length;
  }

  string(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}

/** A bounds-checked reader: a torn or foreign file is refused, never misread. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) {
      throw new ModelError("BATCH_FORMAT", `${count} bytes wanted past the end`);
    }
    const slice = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return slice;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.take(1)[0] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
      if (shift > 2 ** 42) throw new ModelError("BATCH_FORMAT", "a varint is too long");
    }
  }

  uint64(): number {
    const at = this.#at;
    this.take(8);
    return Number(this.#view.getBigUint64(at, true));
  }

  text(): string {
    return decoder.decode(this.take(this.varint()));
  }

  end(): void {
    if (this.#at !== this.#bytes.length) {
      throw new ModelError(
        "BATCH_FORMAT",
        `${this.#bytes.length - this.#at} bytes after the block`,
      );
    }
  }
}
