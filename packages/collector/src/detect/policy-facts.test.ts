import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { at, authorityAuth, placed } from "../../../../test/support/placed-record.ts";
import { attributionOf, policyFacts } from "./policy-facts.ts";

/** Proposed by one person and approved by another, in `second`. */
function policy(
  kind: Body<"policy">["kind"],
  second: number,
  document: Readonly<Record<string, unknown>>,
): readonly PlacedRecord[] {
  const version = { kind, name: "default", version: second, digest: "d", author: "usr_ann" };
  const ann = { ...authorityAuth, subject: "usr_ann" };
  const rx = at(second);
  return [
    placed("policy", second, { event: "proposed", document, ...version }, { auth: ann, rx }),
    placed("policy", second, { event: "approved", ...version }, { auth: authorityAuth, rx }),
  ];
}

test("a principal is listed, shared or unlisted by the list in force at the time, and without a list nothing is said", () => {
  const policies = policy("principals", 10, {
    principals: [
      { id: "laptop-1", type: "service" },
      { id: "ci", type: "service", shared: true },
    ],
  });
  const said = (principal: string | null, second: number) =>
    attributionOf(principal, policies, at(second));
  expect(said("laptop-1", 20)).toBe("listed");
  expect(said("ci", 20)).toBe("shared");
  expect(said("laptop-9", 20)).toBe("unlisted");
  expect(said(null, 20)).toBe("unknown");
  expect(said("laptop-9", 5)).toBeUndefined();
});

test("an approved server counts from when its list was heard until the next one", () => {
  const listed = (name: string) => ({ components: [{ kind: "mcp_server", name }] });
  const policies = [
    ...policy("components", 10, listed("github")),
    ...policy("components", 30, listed("tracker")),
  ];
  const { servers } = policyFacts(policies, [], { principal: null, repo: undefined });
  expect(servers).toEqual([
    { name: "github", from: at(10), to: at(30) },
    { name: "tracker", from: at(30) },
  ]);
  const none = policyFacts([], [], { principal: null, repo: undefined });
  expect(none).not.toHaveProperty("servers");
});
