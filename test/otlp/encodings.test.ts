import { limits } from "@custody/model";
import type { Signal } from "@custody/otlp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemsOf } from "./decoded.ts";
import { described } from "./described.ts";
import { decodeRequest, encodeRequest } from "./protobuf.ts";
import { requests } from "./request-arbitrary.ts";

const signals: readonly Signal[] = ["traces", "logs", "metrics"];

describe.each(signals)("%s", (signal) => {
  test("JSON and protobuf of one request give equal views", () => {
    fc.assert(
      fc.property(requests[signal], (request) => {
        const fromJson = itemsOf(signal, "json", Buffer.from(JSON.stringify(request)));
        const fromProtobuf = itemsOf(signal, "protobuf", encodeRequest(signal, request));
        expect(fromProtobuf.map(described)).toStrictEqual(fromJson.map(described));
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test("protobufjs reads from the bytes what our JSON of each item says", () => {
    fc.assert(
      fc.property(requests[signal], (request) => {
        // Longer surroundings are left out of the JSON of one item, which has a test of its own.
        fc.pre(JSON.stringify(request).length < limits.itemSurroundingsCharsMax / 2);
        const bytes = encodeRequest(signal, request);
        const items = itemsOf(signal, "protobuf", bytes);
        const again = Buffer.from(JSON.stringify(decodeRequest(signal, bytes)));
        expect(items.map((item) => item.json())).toStrictEqual(
          itemsOf(signal, "json", again).map((item) => item.json()),
        );
        for (const item of items) {
          const single = encodeRequest(signal, JSON.parse(item.json()));
          const [again] = itemsOf(signal, "protobuf", single).map(described);
          expect(again).toStrictEqual(described(item));
        }
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });
});
