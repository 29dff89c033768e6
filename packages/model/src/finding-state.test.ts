import { expect, test } from "vitest";
import {
  agentAuth,
  authorityAuth,
  internalAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import type { Body } from "./class.ts";
import { findingStates, stands } from "./finding-state.ts";
import type { Auth, PlacedRecord } from "./record.ts";

const a = "a".repeat(32);
const b = "b".repeat(32);

function said(
  second: number,
  body: Partial<Body<"finding">>,
  auth: Auth = authorityAuth,
): PlacedRecord {
  const whole = { rule: "D-NET-01", rule_version: "1", severity: "high", finding: "f1" } as const;
  return placed("finding", second, { ...whole, status: "open", refs: [a], ...body }, { auth });
}

function found(second: number, basis: number, body: Partial<Body<"finding">> = {}): PlacedRecord {
  return said(second, { basis, ...body }, internalAuth);
}

function stateOf(...records: readonly PlacedRecord[]) {
  const [state] = findingStates(records).values();
  return state && { status: state.status, reopened: state.reopened, stands: stands(state) };
}

test("what a rule found is open until somebody says more, and what it took back is withdrawn whatever was said", () => {
  expect(stateOf(found(1, 5))).toEqual({ status: "open", reopened: false, stands: true });
  const triaged = said(9, { status: "triaged", disposition: "true" });
  expect(stateOf(found(1, 5), triaged)?.status).toBe("triaged");
  const back = found(20, 8, { status: "withdrawn" });
  expect(stateOf(back, triaged, found(1, 5))).toEqual({
    status: "withdrawn",
    reopened: false,
    stands: false,
  });
});

test("a closed finding whose rule finds records that nobody had seen is shown again, and repeated ones are not", () => {
  const closed = said(9, { status: "closed", disposition: "benign" });
  expect(stateOf(found(1, 5), closed)?.status).toBe("closed");
  expect(stateOf(found(1, 5), closed, found(20, 9))?.status).toBe("closed");
  expect(stateOf(found(1, 5), closed, found(20, 9, { refs: [a, b] }))).toEqual({
    status: "open",
    reopened: true,
    stands: true,
  });
});

test("what a person closed as false stands no more, also where the disposition was said a step before", () => {
  const triaged = said(8, { status: "triaged", disposition: "false" });
  const closed = said(9, { status: "closed" });
  expect(stateOf(found(1, 5), closed, triaged)?.stands).toBe(false);
  expect(stateOf(found(1, 5), triaged)?.stands).toBe(true);
});

test("an agent closes nothing, and nobody but us opens anything", () => {
  const forged = said(9, { status: "closed", disposition: "false" }, agentAuth);
  expect(stateOf(found(1, 5), forged)?.status).toBe("open");
  expect(stateOf(said(1, { basis: 7 }))).toBeUndefined();
});
