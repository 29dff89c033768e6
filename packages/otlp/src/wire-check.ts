import { limits } from "@custody/model";
import { OtlpError } from "./malformed.ts";
import { anyValue } from "./messages.ts";
import type { Field, Message, Scalar } from "./schema.ts";
import type { WireBody } from "./wire-body.ts";
import { wireTypes } from "./wire-cursor.ts";

const wireTypeOf: Readonly<Record<Scalar, number>> = {
  string: wireTypes.bytes,
  hex: wireTypes.bytes,
  base64: wireTypes.bytes,
  bool: wireTypes.varint,
  enum: wireTypes.varint,
  uint32: wireTypes.varint,
  sint32: wireTypes.varint,
  int64: wireTypes.varint,
  uint64: wireTypes.varint,
  fixed32: wireTypes.fixed32,
  fixed64: wireTypes.fixed64,
  sfixed64: wireTypes.fixed64,
  double: wireTypes.fixed64,
};

/** True where a repeated number arrives packed: all values in one field of bytes. */
export function isPacked(field: Field, tag: number): boolean {
  return (
    field.repeated &&
    (tag & 7) === wireTypes.bytes &&
    typeof field.type === "string" &&
    wireTypeOf[field.type] !== wireTypes.bytes
  );
}

/** Checks all of one message, which ends at `end`, without keeping anything: what is read later is then known to be sound. */
function checkMessage(body: WireBody, message: Message, end: number, depth: number): void {
  const { cursor } = body;
  if (message === anyValue) checkDepth(body, depth);
  while (cursor.at < end) {
    checkField(body, message, cursor.tag(end), end, depth);
  }
}

/** Checks one field whose tag was just read. Fields of numbers we do not know are stepped over. */
export function checkField(
  body: WireBody,
  message: Message,
  tag: number,
  end: number,
  depth: number,
): void {
  const { cursor } = body;
  const index = message.byNumber.get(tag >>> 3);
  const field = index === undefined ? undefined : message.fields[index];
  if (field === undefined) {
    cursor.skip(tag, end);
    return;
  }
  const at = cursor.at;
  const { type } = field;
  if (isPacked(field, tag)) {
    checkPacked(body, field, cursor.stop(end));
    return;
  }
  if ((tag & 7) !== (typeof type === "string" ? wireTypeOf[type] : wireTypes.bytes)) {
    throw cursor.malformed(`${message.name}.${field.name} has wire type ${tag & 7}`, at);
  }
  if (typeof type === "string") {
    checkScalar(body, type, tag, end);
    return;
  }
  if (field.repeated) body.countValue();
  const stop = cursor.stop(end);
  checkMessage(body, type, stop, type === anyValue ? depth + 1 : depth);
}

function checkScalar(body: WireBody, type: Scalar, tag: number, end: number): void {
  const { cursor } = body;
  if (type !== "string") {
    cursor.skip(tag, end);
    return;
  }
  const stop = cursor.stop(end);
  body.checkText(cursor.at, stop);
  cursor.at = stop;
}

function checkPacked(body: WireBody, field: Field, stop: number): void {
  const type = typeof field.type === "string" ? wireTypeOf[field.type] : wireTypes.bytes;
  while (body.cursor.at < stop) {
    body.countValue();
    body.cursor.skip(type, stop);
  }
}

/** Refuses before it recurses: the nesting of a hostile value never becomes the depth of our stack. */
function checkDepth(body: WireBody, depth: number): void {
  if (depth <= limits.anyValueDepthMax) return;
  const reason = `a value nests deeper than ${limits.anyValueDepthMax}`;
  throw new OtlpError("OTLP_LIMIT", reason, `byte ${body.cursor.at}`);
}

/** Checks one AnyValue that ends at `end`, the shape nearly every attribute has; lists take the general way. */
export function checkValue(body: WireBody, end: number, depth: number): void {
  const { cursor } = body;
  checkDepth(body, depth);
  while (cursor.at < end) {
    const tag = cursor.tag(end);
    if (tag === 0x0a) {
      const stop = cursor.stop(end);
      body.checkText(cursor.at, stop);
      cursor.at = stop;
    } else {
      checkField(body, anyValue, tag, end, depth);
    }
  }
}
