import { decodeOtlp } from "@custody/otlp";
import { describe, expect, test } from "vitest";
import { capturedBodies } from "./captures.ts";
import { itemsOf } from "./decoded.ts";
import { described } from "./described.ts";
import { decodeRequest, encodeRequest } from "./protobuf.ts";

const bodies = capturedBodies();
const inProtobuf = bodies.filter((body) => body.encoding === "protobuf");
const inJson = bodies.filter((body) => body.encoding === "json");

test("the captures are there: two agents, all signals, both encodings", () => {
  expect(inProtobuf.length).toBeGreaterThan(150);
  expect(inJson.length).toBeGreaterThan(7);
  const kinds = new Set(bodies.map((body) => `${body.name.split("/")[0]} ${body.signal}`));
  for (const agent of ["codex", "claude-code"]) {
    for (const signal of ["traces", "logs", "metrics"])
      expect(kinds).toContain(`${agent} ${signal}`);
  }
});

describe("the views over protobuf equal the views over its decoded JSON, field by field", () => {
  for (const { name, signal, bytes, decoded } of inProtobuf) {
    test(name, () => {
      const items = itemsOf(signal, "protobuf", bytes).map(described);
      // Where the capture kept no decoded form, protobufjs gives one.
      const json = decoded ?? Buffer.from(JSON.stringify(decodeRequest(signal, bytes)));
      expect(items.length).toBeGreaterThan(0);
      expect(items).toStrictEqual(itemsOf(signal, "json", json).map(described));
    });
  }
});

describe("the views over a captured JSON body equal the views over the same request in protobuf", () => {
  for (const { name, signal, bytes } of inJson) {
    test(name, () => {
      const items = itemsOf(signal, "json", bytes).map(described);
      const protobuf = encodeRequest(signal, JSON.parse(bytes.toString("utf8")));
      expect(items.length).toBeGreaterThan(0);
      expect(items).toStrictEqual(itemsOf(signal, "protobuf", protobuf).map(described));
    });
  }
});

test("the JSON of one item, decoded again, is that item", () => {
  for (const { signal, encoding, bytes } of bodies) {
    for (const view of itemsOf(signal, encoding, bytes).slice(0, 20)) {
      const again = itemsOf(signal, "json", Buffer.from(view.json()));
      expect(again.map(described)).toStrictEqual([described(view)]);
    }
  }
});

test("no captured text needs repair", () => {
  for (const { signal, encoding, bytes } of bodies) {
    expect(decodeOtlp(signal, encoding, bytes)).toMatchObject({ outcome: "ok", repaired: 0 });
  }
});
