import { signed64, unsigned64 } from "./integer64.ts";
import { anyValue } from "./messages.ts";
import {
  assemble,
  type Plain,
  type PlainMessage,
  plainDouble,
  type Slot,
  setSlot,
} from "./plain.ts";
import type { Message, Scalar } from "./schema.ts";
import type { WireBody } from "./wire-body.ts";
import { isPacked } from "./wire-check.ts";
import type { WireCursor } from "./wire-cursor.ts";

/** The bytes of one message: `[start, end)`. Several where the sender gave a singular message in parts, which protobuf joins. */
export type Part = readonly [start: number, end: number];

/**
 * Reads a whole message of checked bytes into plain OTLP/JSON, by table. Slow beside the views, and used where all of an item is
 * wanted: the payload of an opaque record. Parts of a singular message are joined, as protobuf asks; an AnyValue is replaced whole.
 */
export function readMessage(
  body: WireBody,
  message: Message,
  parts: readonly Part[],
): PlainMessage {
  const slots = new Array<Slot>(message.fields.length).fill(undefined);
  const joined = new Map<number, Part[]>();
  for (const [start, end] of parts) {
    body.cursor.at = start;
    readFields(body, message, end, slots, joined);
  }
  // Read once all parts are known: joining them one by one would cost the square of their number.
  for (const [index, found] of joined) {
    const type = message.fields[index]?.type;
    if (typeof type === "object") setSlot(message, slots, index, readMessage(body, type, found));
  }
  return assemble(message, slots);
}

function readFields(
  body: WireBody,
  message: Message,
  end: number,
  slots: Slot[],
  joined: Map<number, Part[]>,
): void {
  const { cursor } = body;
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    const index = message.byNumber.get(tag >>> 3) ?? -1;
    const field = message.fields[index];
    if (field === undefined) {
      cursor.skip(tag, end);
      continue;
    }
    const { type } = field;
    if (typeof type === "string") {
      const stop = isPacked(field, tag) ? cursor.stop(end) : -1;
      if (stop < 0) setSlot(message, slots, index, scalars[type](cursor, end, body));
      while (cursor.at < stop) setSlot(message, slots, index, scalars[type](cursor, stop, body));
      continue;
    }
    const stop = cursor.stop(end);
    const part: Part = [cursor.at, stop];
    if (field.repeated || field.oneof || type === anyValue) {
      setSlot(message, slots, index, readMessage(body, type, [part]));
    } else {
      const found = joined.get(index);
      if (found === undefined) joined.set(index, [part]);
      else found.push(part);
    }
    cursor.at = stop;
  }
}

type Read = (cursor: WireCursor, end: number, body: WireBody) => Plain;

const scalars: Readonly<Record<Scalar, Read>> = {
  string: (cursor, end, body) => sliced(cursor, end, (start, stop) => body.text(start, stop)),
  hex: (cursor, end) =>
    sliced(cursor, end, (start, stop) => cursor.bytes.toString("hex", start, stop)),
  base64: (cursor, end) =>
    sliced(cursor, end, (start, stop) => cursor.bytes.toString("base64", start, stop)),
  bool: (cursor, end) => {
    cursor.varint(end);
    return cursor.low !== 0 || cursor.high !== 0;
  },
  enum: (cursor, end) => {
    cursor.varint(end);
    return cursor.low | 0;
  },
  uint32: (cursor, end) => {
    cursor.varint(end);
    return cursor.low;
  },
  sint32: (cursor, end) => {
    cursor.varint(end);
    return (cursor.low >>> 1) ^ -(cursor.low & 1);
  },
  int64: (cursor, end) => {
    cursor.varint(end);
    return String(signed64(cursor.low, cursor.high));
  },
  uint64: (cursor, end) => {
    cursor.varint(end);
    return String(unsigned64(cursor.low, cursor.high));
  },
  fixed32: (cursor, end) => cursor.bytes.readUInt32LE(cursor.fixed(4, end)),
  fixed64: (cursor, end) => {
    cursor.load(cursor.fixed(8, end));
    return String(unsigned64(cursor.low, cursor.high));
  },
  sfixed64: (cursor, end) => {
    cursor.load(cursor.fixed(8, end));
    return String(signed64(cursor.low, cursor.high));
  },
  double: (cursor, end) => plainDouble(cursor.bytes.readDoubleLE(cursor.fixed(8, end))),
};

function sliced(
  cursor: WireCursor,
  end: number,
  read: (start: number, stop: number) => string,
): string {
  const stop = cursor.stop(end);
  const text = read(cursor.at, stop);
  cursor.at = stop;
  return text;
}
