import { asRedacted, canonicalText, type Redacted } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fillRx, prepareRecord } from "./prepared-record.ts";
import { toolCall } from "./workbench.test-suite.ts";

const rx = "2026-11-23T07:00:00.120000000Z";

function withAttrs(attrs: Record<string, string>): Redacted {
  const { record, claim, disclosures } = toolCall({ id: 1 });
  return asRedacted({ record: { ...record, attrs }, claim, disclosures });
}

function filled(redacted: Redacted): string {
  const prepared = prepareRecord(redacted, "acme");
  if (prepared.outcome === "refused") throw new Error(prepared.reason);
  return Buffer.from(fillRx(prepared.record, Buffer.from(rx))).toString("utf8");
}

test("a record with its time of receipt filled in is the canonical text of the whole record", () => {
  const key = fc.stringMatching(/^[!-~]{1,12}$/).filter((text) => !/^(0|[1-9][0-9]*)$/.test(text));
  fc.assert(
    fc.property(fc.dictionary(key, fc.string({ unit: "grapheme" })), (attrs) => {
      const redacted = withAttrs(attrs);
      expect(filled(redacted)).toBe(canonicalText({ ...redacted.record, rx }));
    }),
  );
});

test("text that looks like the hole for the time of receipt is left alone", () => {
  const hole = '","rx":"0000-00-00T00:00:00.000000000Z","';
  const redacted = withAttrs({ rx: "0000-00-00T00:00:00.000000000Z", trap: hole });
  expect(JSON.parse(filled(redacted))).toEqual({ ...redacted.record, rx });
});

test("the hole is the envelope's, whatever stands before it and behind it", () => {
  const like = '"rx":"0000-00-00T00:00:00.000000000Z"';
  const { record, claim, disclosures } = toolCall({ id: 1 });
  const inner = { rx: "0000-00-00T00:00:00.000000000Z", é: undefined };
  const members = {
    body: { ...record.body, detail: inner, note: "é€" },
    session: like,
    turn: like,
  };
  const src = { ...record.src, id: like, epoch: `\\${like}` };
  const redacted = asRedacted({
    record: { ...record, ...members, src } as never,
    claim,
    disclosures,
  });
  expect(filled(redacted)).toBe(canonicalText({ ...redacted.record, rx }));
});

test.each([
  ["of another tenant", { tenant: "other" }, "the record belongs to another tenant"],
  ["without a hex id", { id: "nonsense" }, "the record's id is not 32 hex digits"],
  [
    "with a fraction",
    { body: { duration_ms: 1.5 } },
    "CANONICAL_NUMBER: .body.duration_ms is not a safe integer",
  ],
  [
    "with a lone surrogate",
    { session: "\ud800" },
    "CANONICAL_STRING: .session has a lone surrogate",
  ],
])("a record %s is refused with the reason", (_, members, reason) => {
  const { record, claim, disclosures } = toolCall({ id: 1 });
  const redacted = asRedacted({ record: { ...record, ...members } as never, claim, disclosures });
  expect(prepareRecord(redacted, "acme")).toEqual({ outcome: "refused", reason });
});

test("65,535 canonical bytes are a record and one more is refused", () => {
  const empty = Buffer.byteLength(canonicalText({ ...withAttrs({ fill: "" }).record, rx }));
  const room = 65_535 - empty;
  expect(prepareRecord(withAttrs({ fill: "f".repeat(room) }), "acme").outcome).toBe("prepared");
  expect(prepareRecord(withAttrs({ fill: "f".repeat(room + 1) }), "acme")).toEqual({
    outcome: "refused",
    reason: "RECORD_BYTES: 65536 canonical bytes",
  });
});
