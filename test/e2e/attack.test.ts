import { egressSources } from "@custody/context";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccountRow } from "../../packages/cli/src/doctor/attack/account.ts";
import type { AttackReport } from "../../packages/cli/src/doctor/attack/attack.ts";
import { claimAttempts } from "../../packages/cli/src/doctor/attack/claim-attempts.ts";
import {
  attackedSources,
  doorAttempts,
} from "../../packages/cli/src/doctor/attack/door-attempts.ts";
import type { AttackRow } from "../../packages/cli/src/doctor/attack/outcome.ts";
import { exceptionsOf } from "./bundle.ts";
import {
  type CustodyProcess,
  custody as command,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// `custody doctor --attack` against a running server: the table of what a hostile agent can try, and what comes of it.

interface Answer extends AttackReport {
  readonly faults: number;
  readonly account: readonly AccountRow[];
}

const data = temporaryFolder("attack");
let custody: CustodyProcess;
let code: number | null;
let answer: Answer;
let records: readonly ToldRecord[];

beforeAll(async () => {
  custody = await startCustody(data);
  const key = await custody.key("agent", "laptop-1");
  const ended = await attackWith(["--agent-key", key, "--yes"]);
  code = ended.code;
  answer = JSON.parse(ended.stdout) as Answer;
  await settled(custody);
  records = await everyItem<ToldRecord>(custody, `/v1/records?session=${answer.session}`);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

function attackWith(more: readonly string[], folder = data): ReturnType<typeof command> {
  const at = ["--otlp", custody.otlp, "--api", custody.api, "--data", folder];
  return command(["doctor", "--attack", "--json", ...at, ...more]);
}

const rowsOf = (name: string): readonly AttackRow[] =>
  answer.attempts.filter((row) => row.name === name);

test("nothing came out otherwise than it must, without a key and with an agent's", () => {
  expect(answer.attempts.filter(({ ok }) => !ok)).toEqual([]);
  expect([code, answer.faults]).toEqual([0, 0]);
  expect(answer.attempts.length).toBe(2 * (doorAttempts.length + claimAttempts.length));
});

test.each(doorAttempts)("$name: an agent is turned away", ({ name, unbuilt }) => {
  const rows = rowsOf(name);
  const refused = ["401 unauthenticated", "403 forbidden"];
  const absent = ["404 not-found", "404 not-found"];
  const answers = rows.flatMap((row) => row.answers);
  expect(unbuilt ? [refused, absent] : [refused]).toContainEqual(answers);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
});

test("flows are tried in the words of every source that is read", () => {
  expect(attackedSources).toEqual(egressSources);
});

test.each(claimAttempts)("$name: what came of it is visible as the agent's word", ({ name }) => {
  expect(rowsOf(name).map((row) => row.outcome)).toEqual(["claim", "claim"]);
  for (const row of rowsOf(name)) {
    expect(row.records.length).toBeGreaterThan(0);
    expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining([...row.records]));
  }
});

test("nothing of it is observed, and no policy and no key came of it", async () => {
  expect(records.length).toBeGreaterThan(50);
  const said = records.filter(({ record }) => record.src.auth.kind !== "internal");
  expect(new Set(said.map(({ record }) => record.grade))).toEqual(new Set(["reported"]));
  expect(new Set(said.map(({ record }) => record.src.auth.subject))).toEqual(
    new Set(["anonymous", "laptop-1"]),
  );
  expect(await everyItem(custody, "/v1/records?grade=observed")).toEqual([]);
  const policies = await everyItem<ToldRecord>(custody, "/v1/records?class=policy");
  expect(policies.filter(({ record }) => record.src.auth.kind !== "internal")).toEqual([]);
  const keys = (await custody.get("/v1/keys")) as {
    readonly items: readonly { readonly subject: string }[];
  };
  expect(keys.items.map(({ subject }) => subject)).not.toContain(answer.session);
});

test("an exception of an export is cleared by nothing but an approval that the agent tells before the call", async () => {
  const listed = await exceptionsOf(custody, "AT-APR-01");
  const codes = new Map(listed.map(({ item, exception_codes }) => [item, exception_codes]));
  const codesOf = (name: string) =>
    rowsOf(name).map(({ call }) => codes.get(`${answer.session}/${call}`));
  const contested = "APR01-CONTESTED APR01-NOTAPPROVED";
  expect(codesOf("pre-empt")).toEqual([contested, contested]);
  expect(codesOf("other-session")).toEqual([contested, contested]);
  for (const name of ["approve-later", "approve-backdated"]) {
    expect(codesOf(name), name).toEqual(["APR01-NOTAPPROVED", "APR01-NOTAPPROVED"]);
  }
  // An approval that the agent tells of itself before it tells the call counts as its word: `SECURITY.md` says so.
  expect(codesOf("claim-approval")).toEqual([undefined, undefined]);
  for (const name of [
    "rename-tool",
    "claim-tier",
    "claim-identity",
    "claim-tenant",
    "own-attributes",
  ]) {
    expect(codesOf(name), name).toEqual(["APR01-NODEC", "APR01-NODEC"]);
  }
});

test("what this account could do to the data folder is said part by part", () => {
  const open = answer.account.filter(({ outcome }) => outcome === "open");
  expect(open.map(({ path, could }) => `${could} ${path.slice(data.length)}`)).toEqual([
    "write ",
    "read /admin.key",
    "write /keys.json",
    "read /log.key",
    "write /store",
    "read /tenants/default/key",
    "write /tenants/default/ledgers/0/journal",
  ]);
});

test("without a key that may read, what was taken is not called checked", async () => {
  const ended = await attackWith(["--yes"], `${data}-none`);
  const { attempts, account } = JSON.parse(ended.stdout) as Answer;
  expect(ended.code).toBe(0);
  expect(attempts.length).toBe(doorAttempts.length + claimAttempts.length);
  expect(new Set(attempts.map(({ outcome }) => outcome))).toEqual(
    new Set(["refused", "unchecked"]),
  );
  expect(new Set(account.map(({ outcome }) => outcome))).toEqual(new Set(["absent"]));
});

test("nothing is tried unless somebody says so, for the records stay", async () => {
  const before = await everyItem(custody, "/v1/sessions");
  const ended = await attackWith([]);
  expect([ended.code, ended.stdout]).toEqual([2, ""]);
  expect(ended.stderr).toMatch(/permanent.*--yes/);
  expect(await everyItem(custody, "/v1/sessions")).toHaveLength(before.length);
});
