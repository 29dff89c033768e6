import type { ActionView } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CapturedAgent } from "../captures/captured-agents.ts";
import { type Exception, exceptionsOf } from "./bundle.ts";
import { send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";
import { type Attributes, type Change, type Variant, variantOf } from "./variant.ts";

// Whoever holds an agent's key can say anything under it, and can say it first. It must not be able to make the truth disappear.

const data = temporaryFolder("forgery");
let custody: CustodyProcess;
let laptop: string;
let intruder: string;

beforeAll(async () => {
  custody = await startCustody(data);
  laptop = await custody.key("agent", "laptop-1");
  intruder = await custody.key("agent", "laptop-2");
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

const isDecision = (said: Attributes): boolean =>
  /(^|\.)tool_decision$/.test(said["event.name"] ?? "");
const isResult = (said: Attributes): boolean => /(^|\.)tool_result$/.test(said["event.name"] ?? "");
const callOf = (said: Attributes): string | undefined => said["call_id"] ?? said["tool_use_id"];

/** Turns one member of the records of one call and kind over. */
function turned(
  call: string,
  which: (said: Attributes) => boolean,
  member: string,
  value: string,
): Change {
  return (said) => (which(said) && callOf(said) === call ? { ...said, [member]: value } : said);
}

async function deliver(request: ReturnType<Variant["request"]>, key: string): Promise<void> {
  expect(await send(custody.otlp, request, key)).toBe(200);
}

async function actionOf({ session }: Variant, call: string): Promise<ActionView> {
  await stored(custody);
  const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
  const found = actions.find((action) => action.call === call);
  if (found === undefined) throw new Error(`no action ${call}`);
  return found;
}

function recordsOf(
  { session }: Variant,
  call: string,
  name: string,
): Promise<readonly ToldRecord[]> {
  return everyItem(custody, `/v1/records?session=${session}&call=${call}&class=${name}`);
}

/** A forgery is sent before the truth, or after it. */
async function both(
  variant: Variant,
  truth: Change | undefined,
  lie: Change,
  only: (said: Attributes) => boolean,
  forgedFirst: boolean,
): Promise<void> {
  const forged = () => deliver(variant.request(lie, only), laptop);
  if (forgedFirst) await forged();
  await deliver(variant.request(truth), laptop);
  if (!forgedFirst) await forged();
}

interface Case {
  readonly agent: CapturedAgent;
  readonly scenario: string;
  readonly call: string;
  readonly which: (said: Attributes) => boolean;
  readonly member: string;
  readonly lie: string;
  readonly class: string;
  readonly values: readonly unknown[];
  readonly read: (record: ToldRecord) => unknown;
}

const verdictOf = ({ record }: ToldRecord): unknown => record.body["verdict"];
const successOf = ({ record }: ToldRecord): unknown => record.body["success"];

const cases: readonly Case[] = [
  {
    agent: "codex",
    scenario: "appserver-approvals",
    call: "call_0005fake",
    which: isDecision,
    member: "decision",
    lie: "approved",
    class: "approval",
    values: ["allow", "deny"],
    read: verdictOf,
  },
  {
    agent: "claude-code",
    scenario: "user-approvals",
    call: "toolu_0004fake",
    which: isDecision,
    member: "decision",
    lie: "accept",
    class: "approval",
    values: ["allow", "deny"],
    read: verdictOf,
  },
  {
    agent: "codex",
    scenario: "mcp-tools",
    call: "call_0005fake",
    which: isResult,
    member: "success",
    lie: "true",
    class: "tool_call",
    values: [false, true],
    read: successOf,
  },
  {
    agent: "claude-code",
    scenario: "mcp-tools",
    call: "toolu_0004fake",
    which: isResult,
    member: "success",
    lie: "true",
    class: "tool_call",
    values: [false, true],
    read: successOf,
  },
];

describe.each([true, false])("with the forgery first: %s", (forgedFirst) => {
  test.each(cases)(
    "$agent $member turned over: both accounts are kept, the contradiction is a record, the action is contested",
    async ({ agent, scenario, call, which, member, lie, class: name, values, read }) => {
      const variant = variantOf(agent, scenario);
      const only = (said: Attributes): boolean => which(said) && callOf(said) === call;
      await both(variant, undefined, turned(call, which, member, lie), only, forgedFirst);
      const action = await actionOf(variant, call);
      expect(action.contested).toBe(true);

      const accounts = (await recordsOf(variant, call, name)).filter(
        (record) => read(record) !== undefined,
      );
      const contradicted = accounts.filter(
        ({ id }) => accounts.filter((other) => other.id === id).length > 1,
      );
      expect(new Set(contradicted.map(read))).toEqual(new Set(values));
      const conflicts = await recordsOf(variant, call, "integrity");
      expect(conflicts.map(({ record }) => record.body["kind"])).toContain("conflict");
      const named = conflicts.map(
        ({ record }) => (record.body["detail"] as { readonly record?: string }).record,
      );
      expect(named).toEqual(expect.arrayContaining([...new Set(contradicted.map(({ id }) => id))]));

      // The other actions of the session are as true as before.
      const rest = await everyItem<ActionView>(custody, `/v1/actions?session=${variant.session}`);
      expect(rest.filter(({ contested }) => contested).map((one) => one.call)).toEqual([call]);
    },
  );
});

test("contested actions can be listed, and all others apart from them", async () => {
  const contested = await everyItem<ActionView>(custody, "/v1/actions?contested=true");
  const clean = await everyItem<ActionView>(custody, "/v1/actions?contested=false");
  expect(contested.length).toBeGreaterThanOrEqual(cases.length * 2);
  expect(contested.every((action) => action.contested)).toBe(true);
  expect(clean.some((action) => action.contested)).toBe(false);
  const all = await everyItem<ActionView>(custody, "/v1/actions");
  expect(contested.length + clean.length).toBe(all.length);
});

test.each([true, false])(
  "of an allow and a deny of one moment the deny shows, with the forgery first: %s",
  async (forgedFirst) => {
    const variant = variantOf("codex", "killed-mid-turn");
    const call = "call_0002fake";
    // Nothing but the verdict is known of this call: it was killed while it ran.
    const lie = turned(call, isDecision, "decision", "denied");
    await both(variant, undefined, lie, isDecision, forgedFirst);
    const action = await actionOf(variant, call);
    expect(action.approvals.map(({ verdict }) => verdict).sort()).toEqual(["allow", "deny"]);
    expect(action).toMatchObject({ contested: true, outcome: { status: "denied" } });
    const listed = await everyItem<ActionView>(
      custody,
      `/v1/actions?session=${variant.session}&status=denied`,
    );
    expect(listed.map(({ call: one }) => one)).toEqual([call]);
  },
);

// Of the commands of this capture the first ran. Tiers 2 and 3 need a person, so a person is made to have answered.
const executed = "call_0002fake";
const approvedBy = (word: string): Change => {
  const verdict = turned(executed, isDecision, "decision", word);
  return (said) => verdict(isDecision(said) ? { ...said, source: "User" } : said);
};
const itsVerdict = (said: Attributes): boolean => isDecision(said) && callOf(said) === executed;

describe("an executed command that was refused", () => {
  const variants = {
    forgedFirst: variantOf("codex", "network-proxy"),
    forgedLast: variantOf("codex", "network-proxy"),
    honest: variantOf("codex", "network-proxy"),
    approved: variantOf("codex", "network-proxy"),
    intruded: variantOf("codex", "network-proxy"),
  } as const;
  let listed: readonly Exception[];

  beforeAll(async () => {
    const [refusal, approval] = [approvedBy("denied"), approvedBy("approved")];
    await both(variants.forgedFirst, refusal, approval, itsVerdict, true);
    await both(variants.forgedLast, refusal, approval, itsVerdict, false);
    await deliver(variants.honest.request(refusal), laptop);
    await deliver(variants.approved.request(approval), laptop);
    await deliver(variants.intruded.request(refusal), laptop);
    // Later than the refusal, so that taken at its word it would overrule it.
    const later: Change = (said) => ({
      ...approval(said),
      "event.timestamp": (said["event.timestamp"] ?? "").replace(/\.\d{3}Z$/, ".999Z"),
    });
    await deliver(variants.intruded.request(later, itsVerdict), intruder);
    await stored(custody);
    listed = await exceptionsOf(custody, "AT-APR-01");
  });

  const codesOf = ({ session }: Variant): string | undefined =>
    listed.find(({ item }) => item === `${session}/${executed}`)?.exception_codes;

  test.each(["forgedFirst", "forgedLast"] as const)(
    "stays an exception of AT-APR-01 whatever is forged under its identity: %s",
    (name) => {
      expect(codesOf(variants[name])).toContain("APR01-CONTESTED");
    },
  );

  test("is one by its honest account alone; had a person approved it, it would be none", () => {
    expect(codesOf(variants.honest)).toBe("APR01-NOTAPPROVED");
    expect(codesOf(variants.approved)).toBeUndefined();
  });

  test("is not cleared by an approval that another agent's key tells", () => {
    expect(codesOf(variants.intruded)).toContain("APR01-CONTESTED");
  });
});

test("an account under another agent's key makes the action contested, and it is listed as such", async () => {
  const variant = variantOf("codex", "network-proxy");
  await deliver(variant.request(), laptop);
  await deliver(variant.request(approvedBy("approved"), itsVerdict), intruder);
  expect(await actionOf(variant, executed)).toMatchObject({ contested: true });
  const listed = await everyItem<ActionView>(
    custody,
    `/v1/actions?contested=true&session=${variant.session}`,
  );
  expect(listed.map(({ call }) => call)).toEqual([executed]);
  const subjects = (await recordsOf(variant, executed, "approval")).map(
    ({ record }) => record.src.auth.subject,
  );
  expect(subjects.sort()).toEqual(["laptop-1", "laptop-2"]);
});
