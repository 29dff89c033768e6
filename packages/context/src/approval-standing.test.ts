import type { ApprovalCode, Auth, Body, PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { agentAuth, at, authorityAuth, placed } from "../../../test/support/placed-record.ts";
import { assembleAction, shippedTiers } from "./index.ts";

type Yes = Partial<Body<"approval">> & {
  readonly second?: number;
  readonly heard?: number;
  readonly auth?: Auth;
  readonly call?: string;
  readonly attrs?: Readonly<Record<string, string>>;
};
type Call = Partial<Body<"tool_call">> & { readonly heard?: number; readonly second?: number };

const digest = "d1".repeat(32);
const other = "d2".repeat(32);

const session = placed("session", 0, { event: "start" });

/** Of tier 2, run from second 10 to 12 and heard at 15. */
function call({ heard = 15, second = 12, ...body }: Call = {}): PlacedRecord {
  const said = {
    event: "result",
    tool: "shell",
    kind: "exec",
    status: "executed",
    exec_start: at(10),
    action_digest: digest,
    risk: ["network"],
    classifier: "risk/1",
    arguments_state: "reported",
    primary: true,
  } as const;
  return placed("tool_call", second, { ...said, ...body }, { call: "c1", rx: at(heard) });
}

/** A person's, said at second 5 and heard at 6. */
function yes({ second = 5, heard = 6, auth = agentAuth, attrs, ...body }: Yes = {}): PlacedRecord {
  const { call: name = "c1", ...rest } = body;
  const said = { verdict: "allow", by: "human", scope: "once", raw: "yes", primary: true } as const;
  const approver = auth.kind === "authority" ? { approver: auth.subject } : {};
  return placed(
    "approval",
    second,
    { ...said, ...approver, ...rest },
    { call: name, auth, rx: at(heard), ...(attrs === undefined ? {} : { attrs }) },
  );
}

const bob = { auth: authorityAuth } as const;

function standing(
  records: readonly PlacedRecord[],
  approvals: Parameters<typeof assembleAction>[2]["approvals"] = {},
): readonly { readonly valid: boolean; readonly why: readonly ApprovalCode[] }[] {
  return assembled(records, approvals).approvals.flatMap((one) => one.standing ?? []);
}

function assembled(
  records: readonly PlacedRecord[],
  approvals: Parameters<typeof assembleAction>[2]["approvals"] = {},
): ReturnType<typeof assembleAction> {
  return assembleAction(records, [], {
    tenant: "acme",
    session: "s1",
    call: "c1",
    sessionLevel: [session],
    tiers: shippedTiers,
    approvals,
    sha256: () => new Uint8Array(32),
  });
}

const cases: readonly (readonly [string, readonly PlacedRecord[], boolean, ApprovalCode[]])[] = [
  ["a person's own key said it before", [yes(bob), call()], true, []],
  ["an agent told of a person before", [yes(), call()], true, ["unnamed"]],
  ["the agent told both in one batch", [yes({ heard: 15 }), call()], true, ["unnamed"]],
  [
    "the agent told of it after it had told what came of the call",
    [yes({ heard: 16 }), call()],
    false,
    ["heard_after_execution", "unnamed"],
  ],
  [
    "a span of the call was heard before the log that tells both",
    [yes({ heard: 15 }), call({ primary: false, heard: 11 }), call()],
    true,
    ["unnamed"],
  ],
  ["a person's own key told it minutes after", [yes({ ...bob, heard: 600 }), call()], true, []],
  [
    "a person's own key told it a quarter of an hour after",
    [yes({ ...bob, heard: 916 }), call()],
    false,
    ["backdated"],
  ],
  [
    "it is dated before the session began",
    [yes({ ...bob, second: -60, heard: 6 }), call()],
    false,
    ["backdated"],
  ],
  [
    "it was said after the start",
    [yes({ ...bob, second: 14, heard: 15 }), call()],
    false,
    ["late"],
  ],
  [
    "the clocks differ by as much as clocks do",
    [yes({ ...bob, second: 11.5, heard: 15 }), call()],
    true,
    [],
  ],
  [
    "the start counts the wait for it in",
    [yes({ second: 11, heard: 15 }), call({ exec_start: at(4), wait_included: true })],
    true,
    ["unnamed"],
  ],
  [
    "the call's start says nothing of its end, and was heard before it",
    [yes(), call({ event: "start", status: "started", heard: 3 }), call()],
    true,
    ["unnamed"],
  ],
  ["it had ended", [yes({ ...bob, expires: at(7) }), call()], false, ["expired"]],
  ["its end cannot be read", [yes({ ...bob, expires: "soon" }), call()], false, ["expired"]],
  ["it is of other arguments", [yes({ ...bob, action_digest: other }), call()], false, ["mutated"]],
  ["it is of these arguments", [yes({ ...bob, action_digest: digest }), call()], true, []],
  [
    "a model said it",
    [yes({ by: "auto_reviewer" }), call()],
    false,
    ["model_approver", "not_accepted"],
  ],
  [
    "the one who asked said it, on tier 2",
    [yes({ ...bob, requester: "usr_bob" }), call()],
    true,
    ["self_approved"],
  ],
  [
    "the one who asked said it, on tier 3",
    [yes({ ...bob, requester: "usr_bob" }), call({ risk: ["destructive"] })],
    false,
    ["self_approved"],
  ],
  [
    "nobody is named, on tier 3, which takes two people",
    [yes(), call({ risk: ["destructive"] })],
    false,
    ["unnamed"],
  ],
  [
    "it was for the session, on tier 3",
    [yes({ ...bob, scope: "session" }), call({ risk: ["destructive"] })],
    false,
    ["not_accepted"],
  ],
  [
    "the call ran twice on one yes",
    [yes(bob), call(), call({ second: 14, heard: 16 })],
    false,
    ["replayed"],
  ],
  [
    "the call ran twice on two yeses",
    [yes(bob), yes({ ...bob, second: 6 }), call(), call({ second: 14, heard: 16 })],
    true,
    [],
  ],
  [
    "another agent's key tells of the call",
    [yes({ auth: { ...agentAuth, subject: "laptop-2" } }), call()],
    false,
    ["contested", "unnamed"],
  ],
];

test.each(cases)("%s", (_, records, valid, why) => {
  expect(standing(records)[0]).toEqual({ valid, why });
  // Whatever order they come in.
  expect(standing([...records].reverse())[0]).toEqual({ valid, why });
});

test("what permits nothing has no standing", () => {
  expect(standing([yes({ verdict: "deny" }), yes({ verdict: "ask" }), call()])).toEqual([]);
});

test("a verdict that was told twice, once in time and once too late, is one that stands, in whichever order it came", () => {
  const told = [yes({ second: 4, heard: 16 }), yes(), call()];
  for (const records of [told, [...told].reverse()]) {
    expect(standing(records).map(({ valid }) => valid)).toEqual([true]);
  }
});

test("of two claims under one id both show, and the yes is contested; one that was delivered twice shows once", () => {
  const id = "c0".repeat(16);
  const under = (one: PlacedRecord): PlacedRecord => ({ ...one, record: { ...one.record, id } });
  const told = [under(yes()), under(yes({ verdict: "deny" })), call()];
  const views = assembled(told).approvals;
  expect(views.map(({ verdict }) => verdict).sort()).toEqual(["allow", "deny"]);
  expect(standing(told)).toEqual([{ valid: false, why: ["contested", "unnamed"] }]);
  const again = [under(yes()), under(yes({ heard: 30 })), call()];
  for (const records of [again, [...again].reverse()]) {
    expect(standing(records)).toEqual([{ valid: true, why: ["unnamed"] }]);
  }
});

test("the person whom an agent says it works for is told from the approver by a pseudonym", () => {
  const claims = { attrs: { "claimed.user.email": "usr_aaaa" } };
  const own = yes({ ...bob, attrs: { "approver.pseudonym": "usr_aaaa" } });
  const told = placed(
    "decision",
    9,
    { tool: "shell", kind: "exec", arguments_state: "reported" },
    { call: "c1", ...claims },
  );
  expect(standing([own, told, call()])[0]?.why).toEqual(["self_approved"]);
});

test("who is outside of the role that the policy names for the tier does not approve it", () => {
  const roles = (...members: string[]) => ({
    people: { principals: [], roles: [{ roles: [{ role: "agent-approver-t2", members }] }] },
  });
  expect(standing([yes(bob), call()], roles("usr_bob"))).toEqual([{ valid: true, why: [] }]);
  expect(standing([yes(bob), call()], roles("usr_eve"))).toEqual([
    { valid: false, why: ["outside_role"] },
  ]);
  expect(standing([yes(bob), call()], roles())).toEqual([{ valid: false, why: ["outside_role"] }]);
});

test("how well an approver is known: own key, a name by an agent, a person, nobody", () => {
  const strengths = (record: PlacedRecord, principals: readonly object[] = []) =>
    assembleAction([record, call()], [], {
      tenant: "acme",
      session: "s1",
      call: "c1",
      sessionLevel: [],
      tiers: shippedTiers,
      approvals: { people: { principals: [{ principals }] as never, roles: [] } },
      sha256: () => new Uint8Array(32),
    }).approvals.map((one) => one.approver_strength);
  expect(strengths(yes(bob))).toEqual(["authority_key"]);
  expect(strengths(yes(bob), [{ id: "usr_bob", type: "human", shared: true }])).toEqual([
    "unnamed_human",
  ]);
  expect(strengths(yes(bob), [{ id: "usr_bob", type: "service" }])).toEqual(["none"]);
  expect(strengths(yes({ attrs: { "claimed.approver.principal": "usr_x" } }))).toEqual([
    "named_by_agent",
  ]);
  expect(strengths(yes())).toEqual(["unnamed_human"]);
  expect(strengths(yes({ by: "hook" }))).toEqual(["none"]);
});
