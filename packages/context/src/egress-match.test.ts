import type { Body, LedgerRecord } from "@custody/model";
import { expect, test } from "vitest";
import { internalAuth, observerAuth, placed } from "../../../test/support/placed-record.ts";
import { type EgressDocument, matchOfFlow } from "./index.ts";

const flowTo = (host: string, over: Parameters<typeof placed>[3] = {}): LedgerRecord<"egress"> =>
  placed(
    "egress",
    2,
    { host, port: 443, protocol: "https_connect", action: "allowed", via: "proxy" },
    { auth: observerAuth, ...over },
  ).record as LedgerRecord<"egress">;
const flow = flowTo("a.example");
const link = (
  confidence: Body<"link">["confidence"],
  call: string | undefined,
  basis = 1,
  over: Partial<Body<"link">> = {},
) =>
  placed(
    "link",
    2,
    { kind: "egress_call", record: flow.id, method: "x", confidence, basis, ...over },
    { auth: internalAuth, ...(call === undefined ? {} : { call }) },
  );

test("a call of high or medium confidence explains a flow, one of low confidence or one of several hardly, and none not at all", () => {
  expect(matchOfFlow(flow, [link("high", "c1")])).toBe("explained");
  expect(matchOfFlow(flow, [link("medium", "c1")])).toBe("explained");
  expect(matchOfFlow(flow, [link("low", "c1")])).toBe("weak");
  expect(matchOfFlow(flow, [link("low", undefined, 1, { method: "several_calls" })])).toBe("weak");
  expect(matchOfFlow(flow, [])).toBe("none");
});

test("a link that takes an earlier one back explains nothing, nor does one of another record", () => {
  expect(matchOfFlow(flow, [link("high", "c1"), link("low", undefined, 2)])).toBe("none");
  const other = link("high", "c1", 1, { record: "f".repeat(32) });
  expect(matchOfFlow(flow, [other])).toBe("none");
});

test("a sandbox that gives a flow its session does not say which call made it", () => {
  const { session: _, ...loose } = flow;
  const moved = link("high", undefined, 9, { kind: "sandbox_session" });
  expect(matchOfFlow(loose, [moved])).toBe("none");
  expect(matchOfFlow(loose, [moved, link("high", "c1")])).toBe("explained");
});

test("a flow whose observer names the call needs no link", () => {
  expect(matchOfFlow(flowTo("a.example", { call: "c1" }), [])).toBe("explained");
});

test("a host that the allow-list in force names for the agent itself is explained, one that it merely lets through is not", () => {
  const rule = { id: "model", host: "a.example", ports: [443] };
  const listed: EgressDocument = { default: "deny", rules: [rule] };
  const own: EgressDocument = { default: "deny", rules: [{ ...rule, purpose: "agent" }] };
  expect(matchOfFlow(flow, [], listed)).toBe("none");
  expect(matchOfFlow(flow, [], own)).toBe("explained");
  expect(matchOfFlow(flowTo("b.example"), [], own)).toBe("none");
});
