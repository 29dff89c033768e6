import type { Signal } from "@custody/otlp";
import Long from "long";
import protobuf from "protobufjs";

/** The second implementation of OTLP's encoding: protobufjs over `otlp.proto`. The product does not use it. Its 64-bit integers are given it here. */
protobuf.util.Long = Long;
protobuf.configure();
const root = protobuf.loadSync(new URL("otlp.proto", import.meta.url).pathname);

const requests: Readonly<Record<Signal, string>> = {
  traces: "Traces",
  logs: "Logs",
  metrics: "Metrics",
};

const hexFields: ReadonlySet<string> = new Set(["traceId", "spanId", "parentSpanId"]);

/** Protobuf bytes of an OTLP/JSON request. */
export function encodeRequest(signal: Signal, json: unknown): Buffer {
  const type = root.lookupType(`otlp.${requests[signal]}`);
  const binary = mapped(json, (value, key) =>
    hexFields.has(key) && typeof value === "string" ? Buffer.from(value, "hex") : value,
  );
  return Buffer.from(type.encode(type.fromObject(Object(binary))).finish());
}

/** OTLP/JSON of a protobuf request. */
export function decodeRequest(signal: Signal, bytes: Uint8Array): unknown {
  return decodeMessage(requests[signal], bytes);
}

export function decodeMessage(name: string, bytes: Uint8Array): unknown {
  const type = root.lookupType(`otlp.${name}`);
  const options = { longs: String, bytes: Buffer, oneofs: false, defaults: false };
  return mapped(type.toObject(type.decode(bytes), options), (value, key) => {
    if (!(value instanceof Uint8Array)) return value;
    return Buffer.from(value).toString(hexFields.has(key) ? "hex" : "base64");
  });
}

/** Copies a tree, replacing its leaves. Bytes are leaves. */
function mapped(value: unknown, leaf: (value: unknown, key: string) => unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, leaf, key));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
    return leaf(value, key);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapped(item, leaf, name)]),
  );
}
