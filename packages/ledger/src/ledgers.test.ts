import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asRedacted } from "@custody/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ledgers, type LedgersInput, openLedgers } from "./ledgers.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let ledgers: Ledgers | undefined;
beforeEach(async () => {
  bench = await createWorkbench();
});
afterEach(async () => {
  await ledgers?.close();
  await bench.remove();
});

const open = async (more: Partial<LedgersInput> = {}): Promise<Ledgers> => {
  const { tenant: _, ...input } = bench.input();
  ledgers = await openLedgers({ ...input, ...more });
  return ledgers;
};
const callOf = (tenant: string, id: number) => {
  const { record, claim, disclosures } = toolCall({ id });
  return asRedacted({ record: { ...record, tenant }, claim, disclosures });
};

test("each tenant has its own ledger and key, opened once", async () => {
  const all = await open();
  const [acme, again, other] = await Promise.all([
    all.get("acme"),
    all.get("acme"),
    all.get("other"),
  ]);
  expect(again).toBe(acme);
  expect(acme.origin).toMatch(/^trace\.example\.com\/acme\/0-/);
  expect(other.origin).toMatch(/^trace\.example\.com\/other\/0-/);
  expect(Buffer.from(other.hmacKey)).not.toEqual(Buffer.from(acme.hmacKey));
  expect((await acme.commit([callOf("acme", 1)])).outcome).toBe("committed");
  expect(await other.commit([callOf("acme", 1)])).toEqual({
    outcome: "failed",
    reason: "the record belongs to another tenant",
  });
});

test.each(["", "..", "Acme", "a/b", "-a", "a".repeat(64)])(
  "the name %j is no tenant",
  async (name) => {
    const all = await open();
    await expect(all.get(name)).rejects.toMatchObject({ code: "TENANT_NAME" });
  },
);

test("a start opens the ledgers that are there, so that what their journals hold is stored", async () => {
  bench.store.down = true;
  const first = await open();
  const acme = await first.get("acme");
  await acme.commit([callOf("acme", 1)]);
  await first.close();
  bench.store.down = false;
  const second = await open();
  expect(second.list().map(({ origin }) => origin)).toEqual([acme.origin]);
  await expect.poll(() => bench.store.records(acme.origin).map(({ call }) => call)).toContain("c1");
});

test("the seals of a tenant name its ledgers of other collectors", async () => {
  const elsewhere = { origin: "elsewhere.example/acme/0-00000000", size: 7 };
  const all = await open({ roster: (tenant) => (tenant === "acme" ? [elsewhere] : []) });
  const acme = await all.get("acme");
  const sealed = await acme.seal();
  expect(sealed.outcome).toBe("published");
  const seal = bench.store.records(acme.origin).find(({ class: name }) => name === "seal");
  expect(seal?.body["roster"]).toContainEqual(elsewhere);
});

test("a change of configuration is journalled by every ledger, and a ledger opened later starts with it", async () => {
  const all = await open();
  const acme = await all.get("acme");
  expect(await all.announceConfig({ digest: "d1".repeat(32), detail: {} })).toBe(true);
  const other = await all.get("other");
  const digests = async (ledger: typeof acme) => {
    await ledger.seal();
    const configs = bench.store.records(ledger.origin).filter(({ body }) => body.kind === "config");
    return configs.map(({ body }) => body.detail["digest"]);
  };
  expect(await digests(acme)).toEqual(["c0".repeat(32), "d1".repeat(32)]);
  expect(await digests(other)).toEqual(["d1".repeat(32)]);
});

test("a receipt is signed with the newest tree head", async () => {
  const all = await open();
  const acme = await all.get("acme");
  const verdict = await acme.commit([callOf("acme", 1)]);
  if (verdict.outcome !== "committed") throw new Error(verdict.outcome);
  await acme.seal();
  const { published } = acme.status();
  expect(await acme.sign(verdict.receipt)).toContain(`tree=${published?.size}:`);
});

test("a tenant whose folder cannot be used is tried again by the next caller", async () => {
  const all = await open();
  const folder = join(bench.dir, "tenants/broken");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "ledgers"), "a file where a folder belongs");
  await expect(all.get("broken")).rejects.toThrow();
  await rm(join(folder, "ledgers"));
  expect((await all.get("broken")).origin).toMatch(/broken/);
});

test("a start that cannot open one of its tenants closes the others and is refused", async () => {
  const first = await open();
  await first.get("acme");
  await first.close();
  await mkdir(join(bench.dir, "tenants/broken"), { recursive: true });
  await writeFile(join(bench.dir, "tenants/broken/ledgers"), "a file where a folder belongs");
  await expect(open()).rejects.toThrow();
  await rm(join(bench.dir, "tenants/broken"), { recursive: true });
  const second = await open();
  expect(second.list()[0]?.status().state).toBe("open");
});
