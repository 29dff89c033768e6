import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureAdminKey } from "./admin-key.ts";
import { createFileKeyRing, type FileKeyRing, isSamePerson } from "./key-ring.ts";
import { openTenantKey } from "./tenant-key.ts";
import { createHandClock, createSeededRandom } from "./workbench.test-suite.ts";

let dir: string;
let ring: FileKeyRing;
const open = (seed: string): Promise<FileKeyRing> =>
  createFileKeyRing(dir, { random: createSeededRandom(seed), clock: createHandClock() });
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "custody-keys-"));
  ring = await open("ring");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const laptop = { tenant: "acme", subject: "laptop", kind: "agent" } as const;

test("a created key is found by its text and says who holds it", async () => {
  const { key, entry } = await ring.create(laptop);
  expect(key).toMatch(/^custody_agent_[A-Za-z0-9_-]{43}$/);
  expect(ring.find(key)).toEqual({
    tenant: "acme",
    auth: { method: "bearer", kind: "agent", subject: "laptop" },
    key: entry.id,
  });
  expect(ring.find(`${key}x`)).toBeUndefined();
  expect(ring.find("")).toBeUndefined();
});

test("the file holds a key's hash and never the key", async () => {
  const { key } = await ring.create(laptop);
  const text = await readFile(join(dir, "keys.json"), "utf8");
  expect(text).not.toContain(key.slice("custody_agent_".length));
  expect(text).toContain(createHash("sha256").update(key).digest("hex"));
  expect((await stat(join(dir, "keys.json"))).mode & 0o777).toBe(0o600);
});

test("a revoked key is not found, also after a restart, and cannot be revoked again", async () => {
  const { key, entry } = await ring.create(laptop);
  expect(await ring.revoke(entry.id)).toBe(true);
  expect(ring.find(key)).toBeUndefined();
  expect(await ring.revoke(entry.id)).toBe(false);
  expect((await open("again")).find(key)).toBeUndefined();
  expect(ring.list()[0]?.revoked).toBe("2026-11-23T07:00:00.000000000Z");
});

test("keys made at the same time are all kept", async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => ring.create(laptop)));
  const again = await open("again");
  expect(made.every(({ key }) => again.find(key) !== undefined)).toBe(true);
});

test("a key that another process made or revoked is known after a refresh", async () => {
  const other = await open("other");
  const { key, entry } = await ring.create(laptop);
  expect(other.find(key)).toBeUndefined();
  await other.refresh();
  expect(other.find(key)?.key).toBe(entry.id);
  await other.create(laptop);
  await ring.revoke(entry.id);
  expect(ring.list()).toHaveLength(2);
  await other.refresh();
  expect(other.find(key)).toBeUndefined();
});

test("an observer's key names what it observes, and no other key does", async () => {
  const proxy = { tenant: "acme", subject: "proxy-1", kind: "observer" } as const;
  await expect(ring.create(proxy)).rejects.toMatchObject({ code: "KEY_SUBJECT" });
  await expect(ring.create({ ...laptop, observes: "x" })).rejects.toMatchObject({
    code: "KEY_SUBJECT",
  });
  const { key } = await ring.create({ ...proxy, observes: "egress of host-1" });
  expect(ring.find(key)?.observes).toBe("egress of host-1");
});

test("a tenant that is no folder name gets no key", async () => {
  await expect(ring.create({ ...laptop, tenant: "../acme" })).rejects.toMatchObject({
    code: "TENANT_NAME",
  });
});

test("two keys of one subject are one person", async () => {
  const ada = { tenant: "acme", subject: "ada", kind: "authority" } as const;
  const find = async (key: Parameters<FileKeyRing["create"]>[0]) => {
    const principal = ring.find((await ring.create(key)).key);
    if (principal === undefined) throw new Error("no principal");
    return principal;
  };
  const [first, second] = [await find(ada), await find(ada)];
  expect(isSamePerson(first, second)).toBe(true);
  expect(isSamePerson(first, await find({ ...ada, subject: "bob" }))).toBe(false);
  expect(isSamePerson(first, await find({ ...ada, tenant: "other" }))).toBe(false);
});

test("the first start writes an admin key that only the owner can read, and later starts leave it", async () => {
  const options = { tenant: "default", subject: "admin", loopback: true };
  expect(await ensureAdminKey(dir, ring, options)).toEqual({
    outcome: "created",
    path: join(dir, "admin.key"),
  });
  const text = await readFile(join(dir, "admin.key"), "utf8");
  expect((await stat(join(dir, "admin.key"))).mode & 0o777).toBe(0o600);
  expect(ring.find(text.trim())).toMatchObject({
    auth: { kind: "admin" },
    breakGlassUntil: "9999-12-31T23:59:59.999999999Z",
  });
  expect(await ensureAdminKey(dir, await open("later"), options)).toEqual({ outcome: "present" });
  expect(await readFile(join(dir, "admin.key"), "utf8")).toBe(text);
});

test("an admin key made for more than loopback cannot read content", async () => {
  await ensureAdminKey(dir, ring, { tenant: "default", subject: "admin", loopback: false });
  const key = (await readFile(join(dir, "admin.key"), "utf8")).trim();
  expect(ring.find(key)?.breakGlassUntil).toBeUndefined();
});

test("break glass is granted to one key until a time", async () => {
  const { key, entry } = await ring.create({ tenant: "acme", subject: "root", kind: "admin" });
  expect(await ring.grantBreakGlass(entry.id, "2026-11-23T08:00:00.000000000Z")).toBe(true);
  expect(ring.find(key)?.breakGlassUntil).toBe("2026-11-23T08:00:00.000000000Z");
  expect(await ring.grantBreakGlass("key_none", "2026-11-23T08:00:00.000000000Z")).toBe(false);
});

test("a damaged key file is refused, not taken for an empty one", async () => {
  await writeFile(join(dir, "keys.json"), '{"v":1,"keys":[{"id":"k"}]}');
  await expect(open("damaged")).rejects.toMatchObject({ code: "FOLDER_FORMAT" });
});

test("a tenant's HMAC key is made once and read afterwards", async () => {
  const path = join(dir, "tenants/acme/key");
  const first = await openTenantKey(path, createSeededRandom("a"));
  expect(first).toHaveLength(32);
  expect(Buffer.from(await openTenantKey(path, createSeededRandom("b")))).toEqual(
    Buffer.from(first),
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, "short");
  await expect(openTenantKey(path, createSeededRandom("c"))).rejects.toMatchObject({
    code: "KEY_FILE",
  });
});
