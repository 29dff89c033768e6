import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { observerAuth, placed } from "../../../../test/support/placed-record.ts";
import { callEvidence } from "./call-evidence.ts";
import { writtenFiles } from "./written-files.ts";

const nothing = { argumentsOf: new Map(), files: writtenFiles([], new Map()) };
const withheld = { arguments_state: "withheld" } as const;

function told(body: Partial<Body<"tool_call">>): PlacedRecord {
  return placed(
    "tool_call",
    10,
    {
      event: "result",
      tool: "Bash",
      kind: "exec",
      status: "executed",
      primary: true,
      ...body,
    } as Body<"tool_call">,
    { call: "c1" },
  );
}

const flow = placed(
  "egress",
  11,
  { host: "a.example", port: 443, protocol: "https", action: "allowed", via: "proxy" },
  { auth: observerAuth, call: "c1" },
);

function unreadOf(...group: readonly PlacedRecord[]): boolean {
  return callEvidence("c1", group, nothing, []).unread === true;
}

test("a call is unread where no account sent its arguments, and it keeps the tier of one that may have done anything", () => {
  expect(unreadOf(told(withheld))).toBe(true);
  expect(callEvidence("c1", [told(withheld)], nothing, []).tier).toBe(2);
});

test("a call is not unread where one account sent them, where its kind decides, or where a flow shows what it did", () => {
  const read = told({ arguments_state: "reported", risk: ["read_only"], classifier: "risk/1" });
  expect(unreadOf(told(withheld), read)).toBe(false);
  expect(unreadOf(told({ ...withheld, kind: "fs" }))).toBe(false);
  expect(unreadOf(told({ ...withheld, kind: "net" }))).toBe(false);
  expect(unreadOf(told(withheld), flow)).toBe(false);
});

test("arguments that were sent and hide what would run are no withheld ones", () => {
  const hiding = told({ arguments_state: "reported", risk: ["unknown"], classifier: "risk/1" });
  expect(unreadOf(hiding)).toBe(false);
});
