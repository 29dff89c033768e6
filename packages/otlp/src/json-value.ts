import type { AnyValue } from "@custody/model";
import { messageOf, messagesOf, type Plain, type PlainMessage } from "./plain.ts";

type Read = (value: Plain) => AnyValue;

const readers: Readonly<Record<string, Read>> = {
  stringValue: (value) => ({ type: "string", value: String(value) }),
  boolValue: (value) => ({ type: "bool", value: value === true }),
  intValue: (value) => ({ type: "int", value: exact(String(value)) }),
  doubleValue: (value) => ({ type: "double", value: Number(value) }),
  bytesValue: (value) => ({ type: "bytes", value: String(value) }),
  arrayValue: (value) => ({
    type: "array",
    value: messagesOf(messageOf(value)["values"]).map(anyValueOf),
  }),
  kvlistValue: (value) => {
    // A null prototype keeps a hostile "__proto__" an ordinary name.
    const out: Record<string, AnyValue> = Object.create(null) as Record<string, AnyValue>;
    for (const entry of messagesOf(messageOf(value)["values"])) {
      out[String(entry["key"] ?? "")] = anyValueOf(messageOf(entry["value"]));
    }
    return { type: "kvlist", value: out };
  },
};

/** The AnyValue of its settled OTLP/JSON, which has at most one member. */
export function anyValueOf(settled: PlainMessage): AnyValue {
  for (const name in settled) {
    const read = readers[name];
    const value = settled[name];
    if (read !== undefined && value !== undefined) return read(value);
  }
  return { type: "empty" };
}

function exact(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}
