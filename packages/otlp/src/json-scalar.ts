import { Buffer } from "node:buffer";
import { type Plain, plainDouble } from "./plain.ts";
import type { Field, Scalar } from "./schema.ts";

/** Why a value is refused. The words say what is wanted and never repeat what was sent. */
export class Refused {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

const int32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const uint32 = [0n, 2n ** 32n - 1n] as const;
const int64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const uint64 = [0n, 2n ** 64n - 1n] as const;

type Read = (value: unknown, field: Field) => Plain | Refused;

const refused = (wanted: string): Refused => new Refused(`is not ${wanted}`);

/** Settles one JSON value of a scalar field, by the type of the field. 64-bit integers may be numbers or text, enums numbers or names. */
export const jsonScalars: Readonly<Record<Scalar, Read>> = {
  string: (value) => (typeof value === "string" ? value : refused("text")),
  hex: (value) => idOf(value),
  base64: (value) => bytesOf(value),
  bool: (value) => {
    if (typeof value === "boolean") return value;
    return value === "true" ? true : value === "false" ? false : refused("a boolean");
  },
  enum: (value, { names }) => {
    const named = typeof value === "string" ? names.indexOf(value) : -1;
    return named >= 0 ? named : within(value, int32, Number);
  },
  uint32: (value) => within(value, uint32, Number),
  fixed32: (value) => within(value, uint32, Number),
  sint32: (value) => within(value, int32, Number),
  int64: (value) => within(value, int64, String),
  sfixed64: (value) => within(value, int64, String),
  uint64: (value) => within(value, uint64, String),
  fixed64: (value) => within(value, uint64, String),
  double: (value) => doubleOf(value),
};

const digits = /^-?\d{1,20}$/;

function within(
  value: unknown,
  [least, most]: readonly [bigint, bigint],
  settle: (value: bigint | number) => Plain,
): Plain | Refused {
  if (typeof value !== "number" && (typeof value !== "string" || !digits.test(value))) {
    return refused("an integer");
  }
  const small = Number(value);
  if (!Number.isInteger(small)) return refused("an integer");
  // Comparing a number with a bigint is exact; making a bigint is needed only where a double might have rounded.
  const whole = Number.isSafeInteger(small) ? small + 0 : BigInt(value);
  return whole < least || whole > most ? refused("in the range of its type") : settle(whole);
}

const numberText = /^-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,4})?$/;
const unusual: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);

function doubleOf(value: unknown): Plain | Refused {
  if (typeof value === "number") return plainDouble(value);
  if (typeof value !== "string") return refused("a number");
  if (unusual.has(value)) return value;
  return numberText.test(value) ? plainDouble(Number(value)) : refused("a number");
}

/** OTLP/JSON writes ids in hex, where protobuf's own JSON would write base64. Read as hex, base64 would be another id, so it is refused. */
function idOf(value: unknown): Plain | Refused {
  if (typeof value !== "string") return refused("an id in hex");
  if (/^([0-9a-fA-F]{2})*$/.test(value)) return value.toLowerCase();
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(value)
    ? new Refused("is not hex: OTLP/JSON ids are hex, not base64")
    : refused("an id in hex");
}

/** Both alphabets, with or without padding. */
function bytesOf(value: unknown): Plain | Refused {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) {
    return refused("base64");
  }
  return Buffer.from(value, "base64").toString("base64");
}
