import type { Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { agentAuth, at, authorityAuth, placed } from "../../../test/support/placed-record.ts";
import { originOf } from "./approval-origin.ts";
import { standingGrants } from "./index.ts";

function yes(
  second: number,
  body: Partial<Body<"approval">> = {},
  over: Parameters<typeof placed>[3] = {},
): PlacedRecord {
  const said = {
    verdict: "allow",
    by: "human",
    scope: "session",
    tool: "shell",
    raw: "yes",
    primary: true,
  } as const;
  return placed("approval", second, { ...said, ...body }, { call: `c${second}`, ...over });
}

function traced(use: PlacedRecord, grants: readonly PlacedRecord[], tool?: string) {
  const { origin, origin_state: state } = originOf(
    use.record as Parameters<typeof originOf>[0],
    tool,
    grants,
  );
  return [state, grants.findIndex(({ record }) => record.id === origin?.record)];
}

test("a use is traced to the earliest yes of a person for that tool, that scope and that session", () => {
  const grants = [
    yes(1, { tool: "other" }),
    yes(2, { scope: "location" }),
    yes(3, {}, { session: "s2" }),
    yes(4, { by: "policy" }),
    yes(5, { verdict: "deny" }),
    yes(6),
    yes(7),
  ];
  expect(traced(yes(20), grants)).toEqual(["earliest", 5]);
  // It counts whether the record of the use names its tool or the call does.
  const { record, ...place } = yes(20);
  const { tool: _, ...toolless } = record.body as Body<"approval">;
  expect(traced({ ...place, record: { ...record, body: toolless } }, grants, "shell")).toEqual([
    "earliest",
    5,
  ]);
});

test("the first one is its own origin", () => {
  const first = yes(6);
  expect(traced(first, [first, yes(7)])).toEqual(["own", 0]);
});

test("beyond the session the same principal counts, and nobody else", () => {
  const standing = { scope: "standing" } as const;
  const mine = yes(1, standing, { session: "s0" });
  const theirs = yes(1, standing, { session: "s0", auth: { ...agentAuth, subject: "laptop-2" } });
  const use = yes(20, { ...standing, by: "unknown" });
  expect(traced(use, [mine])).toEqual(["earliest", 0]);
  expect(traced(use, [theirs])).toEqual(["missing", -1]);
  expect(traced(yes(20, { by: "unknown" }), [yes(1, {}, { session: "s0" })])).toEqual([
    "missing",
    -1,
  ]);
});

test("a grant that is named is the origin, and nothing else is taken for it", () => {
  const grant = yes(1, { scope: "standing", grant: "g-1", tool: "x" }, { auth: authorityAuth });
  const use = yes(20, { scope: "standing", grant: "g-1", by: "policy" });
  expect(traced(use, [yes(2, { scope: "standing" }), grant])).toEqual(["granted", 1]);
  expect(traced(use, [yes(2, { scope: "standing" })])).toEqual(["missing", -1]);
});

test("a yes for one time and a refusal have no origin to look for", () => {
  expect(traced(yes(3, { scope: "once" }), [])).toEqual([null, -1]);
  expect(traced(yes(3, { verdict: "deny" }), [])).toEqual([null, -1]);
});

test("grants are counted once however often they are used, the old and the untraced apart", () => {
  const day = 86_400;
  const records = [
    yes(1),
    ...[2, 3, 4].map((second) => yes(second, { by: "unknown" })),
    yes(5, { by: "unknown", scope: "standing", tool: "push" }),
    yes(6, { scope: "standing", grant: "g", expires: at(10 * day) }, { auth: authorityAuth }),
  ];
  expect(standingGrants(records, at(5 * day))).toEqual({
    grants: 3,
    stale: 0,
    without_origin: 1,
    expired: 0,
  });
  expect(standingGrants([...records, ...records], at(40 * day))).toEqual({
    grants: 3,
    stale: 2,
    without_origin: 1,
    expired: 1,
  });
});
