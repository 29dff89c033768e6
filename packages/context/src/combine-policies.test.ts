import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { at, authorityAuth, placed } from "../../../test/support/placed-record.ts";
import {
  combinePolicies,
  policyBook,
  policyDocument,
  policyInForce,
  shippedTiers,
  underBoth,
} from "./index.ts";

const alice = { ...authorityAuth, subject: "usr_alice" };
const bob = authorityAuth;

function proposed(
  second: number,
  body: Pick<Body<"policy">, "kind" | "name" | "document"> & Partial<Body<"policy">>,
  auth = alice,
): PlacedRecord {
  const version = body.version ?? 1;
  const digest = String(version).padStart(64, "0");
  const whole = { event: "proposed", version, digest, author: auth.subject, ...body } as const;
  return placed("policy", second, whole, { auth, session: undefined as never });
}

function approved(second: number, of: PlacedRecord, auth = bob): PlacedRecord {
  const { document: _, ...body } = of.record.body as Body<"policy">;
  return placed(
    "policy",
    second,
    { ...body, event: "approved", approver: auth.subject },
    { auth, session: undefined as never },
  );
}

const allow = (id: string, host: string) => ({
  default: "deny" as const,
  rules: [{ id, host, ports: [443] }],
});

test("two allow-lists in force together let through what either lists", () => {
  const one = proposed(1, { kind: "egress", name: "base", document: allow("a", "a.example") });
  const two = proposed(2, { kind: "egress", name: "team", document: allow("b", "b.example") });
  const records = [one, two, approved(10, one), approved(20, two)];
  const hosts = (second: number) =>
    policyInForce(records, "egress", at(second))?.document.rules.map(({ host }) => host);
  expect(hosts(5)).toBeUndefined();
  expect(hosts(15)).toEqual(["a.example"]);
  expect(hosts(25)).toEqual(["a.example", "b.example"]);
});

test("what is demanded, the strictest name decides: an overlay beside another loosens nothing", () => {
  const strict = {
    requirements: [{ tier: 2, by: ["human"], scopes: ["once", "session"], four_eyes: true }],
  } as const;
  const loose = {
    requirements: [
      { tier: 2, by: ["human", "policy"], scopes: ["once"] },
      { tier: 1, by: ["policy"], scopes: ["once"] },
    ],
  } as const;
  expect(combinePolicies.approval([strict, loose])).toEqual({
    requirements: [
      { tier: 1, by: ["policy"], scopes: ["once"] },
      { tier: 2, by: ["human"], scopes: ["once"], four_eyes: true },
    ],
  });
  const low = { rules: [{ label: "kind:exec", tier: 0 as const }], default: 0 as const };
  const combined = combinePolicies.tiers([low, shippedTiers]);
  expect(combined.default).toBe(1);
});

test("a principal is a person only where every list says so, and shared where any does", () => {
  const lists = [
    { principals: [{ id: "u", type: "human" as const }] },
    { principals: [{ id: "u", type: "service" as const, shared: true }] },
  ];
  expect(combinePolicies.principals(lists).principals).toEqual([
    { id: "u", type: "service", shared: true },
  ]);
  const roles = combinePolicies.roles([
    { roles: [{ role: "approver", members: ["a"] }] },
    { roles: [{ role: "approver", members: ["b", "a"] }] },
  ]);
  expect(roles.roles).toEqual([{ role: "approver", members: ["a", "b"] }]);
});

test("a star under one label alone is refused: it is every site of a domain", () => {
  expect(policyDocument("egress", allow("x", "*.com")).outcome).toBe("invalid");
  expect(policyDocument("egress", allow("x", "*.example.com")).outcome).toBe("ok");
});

test("the book says of each version who proposed and approved it, and when it counted", () => {
  const document = { rules: [{ label: "kind:exec", tier: 2 }], default: 1 };
  const one = proposed(1, { kind: "tiers", name: "main", document, effective_from: at(0) });
  const two = proposed(30, { kind: "tiers", name: "main", document, version: 2 });
  const self = proposed(40, { kind: "egress", name: "own", document: allow("a", "a.example") });
  const records = [one, approved(10, one), two, self, approved(41, self, alice)];
  const book = policyBook(records, at(50));
  const states = book.map(({ kind, name, shipped_default, versions }) => [
    `${kind}/${name}`,
    shipped_default,
    ...versions.map(({ state }) => state),
  ]);
  expect(states).toEqual([
    ["approval/shipped", true, "in_force"],
    ["egress/own", false, "void"],
    ["tiers/main", false, "in_force", "proposed"],
    ["tiers/shipped", true, "ended"],
  ]);
  const main = book.find(({ name }) => name === "main");
  expect(main?.versions[0]).toMatchObject({
    proposed_by: "usr_alice",
    approved_by: "usr_bob",
    in_force_from: at(11),
    in_force_to: null,
    backdated: true,
  });
  expect(policyBook([...records, approved(60, two)], at(90))[2]?.versions).toMatchObject([
    { state: "ended", in_force_to: at(61) },
    { state: "in_force", in_force_from: at(61) },
  ]);
});

test("a policy approved later changes nothing that was done before", () => {
  const document = { requirements: [{ tier: 3, by: ["policy"], scopes: ["once"] }] };
  const one = proposed(1, { kind: "approval", name: "x", document, effective_from: at(0) });
  const records = [one, approved(100, one)];
  expect(policyInForce(records, "approval", at(50))).toMatchObject({ shipped: true });
  expect(policyInForce(records, "approval", at(101))).toMatchObject({ shipped: false });
});

test("calls stand under the policy used and under the shipped default", () => {
  const call = (risk: string, approvals: Parameters<typeof underBoth>[0][number]["approvals"]) => ({
    bodies: [{ tool: "Bash", kind: "exec" as const, risk: [risk], classifier: "c" }],
    approvals,
    principal: "usr_dev",
  });
  const own = { by: "human", scope: "once", approver: "usr_dev" } as const;
  const calls = [
    call("read_only", []),
    call("network", [{ by: "policy", scope: "session" }]),
    call("destructive", [own]),
    call("destructive", [{ ...own, approver: "usr_bob" }]),
    call("vcs_push", []),
  ];
  const { used, shipped, loosened } = underBoth(calls, {
    tiers: {
      rules: [
        { label: "risk:vcs_push", tier: 1 },
        ...shippedTiers.rules.filter(({ label }) => label !== "risk:vcs_push"),
      ],
      default: 1,
    },
    approval: {
      requirements: [
        { tier: 2, by: ["human", "policy"], scopes: ["once", "session"] },
        { tier: 3, by: ["human"], scopes: ["once"] },
      ],
    },
  });
  expect(used).toMatchObject({
    tiers: { 0: 1, 1: 1, 2: 1, 3: 2 },
    approved: 3,
    unapproved: 0,
    exempt: 2,
  });
  expect(shipped).toMatchObject({
    tiers: { 0: 1, 1: 0, 2: 2, 3: 2 },
    approved: 1,
    unapproved: 3,
    exempt: 1,
  });
  expect(loosened).toBe(3);
  expect(used.by).toMatchObject({ human: 2, policy: 1 });
});
