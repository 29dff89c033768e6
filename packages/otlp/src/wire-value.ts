import type { AnyValue } from "@custody/model";
import { signed64 } from "./integer64.ts";
import type { WireBody } from "./wire-body.ts";

const empty: AnyValue = { type: "empty" };

/**
 * Reads the AnyValue in `[start, end)` of bytes that were checked. Of several members the last wins, whole: two lists are not joined,
 * as they are not in JSON, where the second of two equal keys replaces the first.
 */
export function readValue(body: WireBody, start: number, end: number): AnyValue {
  const { cursor } = body;
  let value = empty;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    const known = tag < readers.length ? readers[tag] : undefined;
    if (known === undefined) cursor.skip(tag, end);
    else value = known(body, end);
  }
  return value;
}

type Reader = (body: WireBody, end: number) => AnyValue;

/** One reader per tag of AnyValue; all leave the cursor after their field. */
const readers: readonly (Reader | undefined)[] = (() => {
  const table = new Array<Reader | undefined>(64).fill(undefined);
  table[0x0a] = readString;
  table[0x10] = readBool;
  table[0x18] = readInt;
  table[0x21] = readDouble;
  table[0x2a] = readArray;
  table[0x32] = readList;
  table[0x3a] = readBytes;
  return table;
})();

function readString(body: WireBody, end: number): AnyValue {
  const stop = body.cursor.stop(end);
  const value = body.text(body.cursor.at, stop);
  body.cursor.at = stop;
  return { type: "string", value };
}

function readBool({ cursor }: WireBody, end: number): AnyValue {
  cursor.varint(end);
  return { type: "bool", value: cursor.low !== 0 || cursor.high !== 0 };
}

function readInt({ cursor }: WireBody, end: number): AnyValue {
  cursor.varint(end);
  return { type: "int", value: signed64(cursor.low, cursor.high) };
}

function readDouble({ cursor }: WireBody, end: number): AnyValue {
  return { type: "double", value: cursor.bytes.readDoubleLE(cursor.fixed(8, end)) };
}

function readBytes({ cursor }: WireBody, end: number): AnyValue {
  const stop = cursor.stop(end);
  const value = cursor.bytes.toString("base64", cursor.at, stop);
  cursor.at = stop;
  return { type: "bytes", value };
}

function readArray(body: WireBody, end: number): AnyValue {
  const { cursor } = body;
  const stop = cursor.stop(end);
  const value: AnyValue[] = [];
  while (cursor.at < stop) {
    const tag = cursor.tag(stop);
    if (tag !== 0x0a) {
      cursor.skip(tag, stop);
      continue;
    }
    const item = cursor.stop(stop);
    value.push(readValue(body, cursor.at, item));
  }
  return { type: "array", value };
}

function readList(body: WireBody, end: number): AnyValue {
  const { cursor } = body;
  const stop = cursor.stop(end);
  // A null prototype keeps a hostile "__proto__" an ordinary name.
  const value: Record<string, AnyValue> = Object.create(null) as Record<string, AnyValue>;
  while (cursor.at < stop) {
    const tag = cursor.tag(stop);
    if (tag !== 0x0a) {
      cursor.skip(tag, stop);
      continue;
    }
    const item = cursor.stop(stop);
    readEntry(body, item, value);
  }
  return { type: "kvlist", value };
}

/** Reads the KeyValue that ends at `end` into `out`. */
function readEntry(body: WireBody, end: number, out: Record<string, AnyValue>): void {
  const { cursor } = body;
  let key = "";
  let value = empty;
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    if (tag !== 0x0a && tag !== 0x12) {
      cursor.skip(tag, end);
      continue;
    }
    const stop = cursor.stop(end);
    if (tag === 0x0a) key = body.text(cursor.at, stop);
    else value = readValue(body, cursor.at, stop);
    cursor.at = stop;
  }
  out[key] = value;
}
