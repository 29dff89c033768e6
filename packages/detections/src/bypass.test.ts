import { detect } from "@custody/detections";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceOf, found, foundInDay } from "../../../test/detections/replay.ts";
import { shippedRules } from "../../../test/detections/shipped-rules.ts";
import { observerAuth, placed } from "../../../test/support/placed-record.ts";

const through = { second: 1 } as const;
const past = (host: string, more: object = {}) => ({
  second: 5,
  body: { host, via: "sandbox_net" as const, protocol: "tcp", ...more },
});
const asked = (count: number, name: (index: number) => string, apart = 1) =>
  Array.from({ length: count }, (_, index) => ({
    second: 10 + index * apart,
    body: { host: name(index), port: 53, protocol: "dns" },
  }));
const secretly = (index: number): string => `${String(index).padStart(30, "a")}.t.evil.example`;

test("D-NET-03 fires for a flow past the proxy, to a bare address, to a hidden resolver, and for names that hold data", () => {
  const flows = [
    through,
    past("203.0.113.9"),
    { second: 6, body: { host: "198.51.100.7" } },
    { second: 7, body: { host: "dns.google" } },
    { second: 8, body: { host: "resolver.example", port: 853 } },
    ...asked(60, secretly),
  ];
  const expected = ["direct", "address", "resolver", "resolver", "tunnel"].map(
    (one) => `${one} high`,
  );
  expect(found("D-NET-03", { flows })).toEqual(expected);
  expect(foundInDay("D-NET-03", { flows })).toEqual(expected);
});

test("D-NET-03 fires where the name in the TLS greeting is another than the one asked for", () => {
  const body = {
    host: "good.example",
    port: 443,
    protocol: "https_connect",
    action: "allowed",
    via: "proxy",
  } as const;
  const flow = (name: string) =>
    placed("egress", 1, body, { auth: observerAuth, attrs: { "tls.client.server_name": name } });
  expect(found("D-NET-03", { records: [flow("evil.example")] })).toEqual(["mismatch high"]);
  expect(found("D-NET-03", { records: [flow("GOOD.example")] })).toEqual([]);
});

test("D-NET-03 stays silent for the way to the proxy, where there is no proxy, for what was refused or is listed, and for few or short names", () => {
  const flows = [
    through,
    past("10.0.0.5"),
    past("172.20.1.1"),
    past("[fd00::1]"),
    past("203.0.113.9", { action: "denied" }),
    { second: 6, listed: true, body: { host: "198.51.100.7" } },
    ...asked(50, secretly),
    ...asked(80, (index) => `w${index}.cdn.example`),
    ...asked(80, () => secretly(1)),
  ];
  expect(found("D-NET-03", { flows })).toEqual([]);
  expect(found("D-NET-03", { flows: [past("203.0.113.9")] })).toEqual([]);
  expect(found("D-NET-03", { flows: asked(60, secretly, 100) })).toEqual([]);
});

test("shuffled and repeated flows give the same findings", () => {
  const evidence = evidenceOf({ flows: [through, past("203.0.113.9"), ...asked(60, secretly)] });
  const rules = shippedRules.filter(({ id }) => id === "D-NET-03");
  const expected = detect(rules, evidence);
  expect(expected).toHaveLength(2);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...evidence.records, ...evidence.records], {
        minLength: evidence.records.length * 2,
      }),
      (records) => {
        expect(detect(rules, { ...evidence, records })).toEqual(expected);
      },
    ),
    { numRuns: 20 },
  );
});
