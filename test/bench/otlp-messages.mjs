import Long from "long";
import protobuf from "protobufjs";

/** OTLP by protobufjs: it writes what the bench sends, and reads what the obvious pipeline gets. The product does not use it. */
protobuf.util.Long = Long;
protobuf.configure();
const root = protobuf.loadSync(new URL("../otlp/otlp.proto", import.meta.url).pathname);

export const messages = {
  traces: root.lookupType("otlp.Traces"),
  logs: root.lookupType("otlp.Logs"),
};

/**
 * An attribute; `undefined` values are left out by `attributes`.
 *
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} values
 */
export function attributes(values) {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === "boolean") return [{ key, value: { boolValue: value } }];
    if (typeof value === "string") return [{ key, value: { stringValue: value } }];
    const name = Number.isSafeInteger(value) ? "intValue" : "doubleValue";
    return [{ key, value: { [name]: value } }];
  });
}

/** @param {"traces" | "logs"} signal @param {object} request */
export function encode(signal, request) {
  return Buffer.from(messages[signal].encode(request).finish());
}

/** Nanoseconds since 1970 of a millisecond time, as protobufjs wants a fixed64. @param {number} ms @param {number} nanos */
export function nanosOf(ms, nanos = 0) {
  return Long.fromString((BigInt(Math.floor(ms)) * 1_000_000n + BigInt(nanos)).toString(), true);
}

const hexFields = new Set(["traceId", "spanId", "parentSpanId"]);

/** Protobuf of an OTLP/JSON request. @param {"traces" | "logs"} signal @param {object} request */
export function encodeJson(signal, request) {
  const binary = (value, key) => {
    if (Array.isArray(value)) return value.map((item) => binary(item, key));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, binary(item, name)]),
      );
    }
    return hexFields.has(key) && typeof value === "string" ? Buffer.from(value, "hex") : value;
  };
  const type = messages[signal];
  return Buffer.from(type.encode(type.fromObject(binary(request, ""))).finish());
}
