import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openEmbedded } from "./embedded/open-embedded.ts";
import type { Engine } from "./engine.ts";
import { migrate } from "./migrate.ts";
import { migrationFiles, singleNode } from "./sql-files.ts";

let dir: string;
let engine: Engine;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "custody-migrate-"));
});
beforeEach(() => {
  engine = openEmbedded({ dir: join(dir, "store") });
});
afterEach(async () => {
  await engine.close();
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const command = (sql: string) => engine.command({ sql, params: {} });

test("an empty store gets every migration, and the same store opened again gets none", async () => {
  const names = migrationFiles().map((file) => file.name);
  expect(await migrate(engine, singleNode)).toEqual({ applied: names, version: names.length });
  await engine.close();
  engine = openEmbedded({ dir: join(dir, "store") });
  expect(await migrate(engine, singleNode)).toEqual({ applied: [], version: names.length });
});

test("a migration that was cut short is applied again", async () => {
  await command("DROP VIEW store_claims");
  await command(
    "ALTER TABLE migrations DELETE WHERE name = '010-store-claims' SETTINGS mutations_sync = 1",
  );
  expect((await migrate(engine, singleNode)).applied).toEqual(["010-store-claims"]);
});

test("a migration whose text changed after it was applied is refused", async () => {
  await command(
    "INSERT INTO migrations (name, checksum, applied_at) SELECT '003-records', 'other', now64(3) + 1",
  );
  await expect(migrate(engine, singleNode)).rejects.toMatchObject({ code: "STORE_MIGRATION" });
  await command(
    "ALTER TABLE migrations DELETE WHERE checksum = 'other' SETTINGS mutations_sync = 1",
  );
});

test("a store that is newer than this program is refused", async () => {
  await command("INSERT INTO migrations (name, checksum) SELECT '999-future', 'x'");
  await expect(migrate(engine, singleNode)).rejects.toMatchObject({ code: "STORE_MIGRATION" });
  await command(
    "ALTER TABLE migrations DELETE WHERE name = '999-future' SETTINGS mutations_sync = 1",
  );
});

test("a folder that is open here cannot be opened by another process, which says so by its code", () => {
  const other = `
    import { openStore } from "@custody/storage";
    await openStore({ kind: "embedded", dir: process.argv[1] }).catch((error) => process.stdout.write(error.code));`;
  const told = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", other, join(dir, "store")],
    { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  expect(told).toBe("STORE_LOCKED");
});

test("after close every call is refused", async () => {
  await engine.close();
  await expect(engine.rows({ sql: "SELECT 1", params: {} })).rejects.toMatchObject({
    code: "STORE_CLOSED",
  });
  await expect(command("SELECT 1")).rejects.toMatchObject({ code: "STORE_CLOSED" });
});

test("a path the engine would read as a pattern, or that is not absolute, is refused", async () => {
  const leaves = { ledger: "custody.example/a/1", from: 0, to: 1 };
  for (const path of [
    "relative.native",
    "/tmp/*.native",
    "/tmp/{a,b}.native",
    "/tmp/a.zip :: b",
    "/tmp/x|y",
  ]) {
    const fed = engine.feed({ sql: "direct", paths: [path], params: {}, leaves, fence: 0 });
    await expect(fed).rejects.toMatchObject({ code: "STORE_PATH" });
  }
  const apart = engine.feed({
    sql: "direct",
    paths: ["/a/x", "/b/y"],
    params: {},
    leaves,
    fence: 0,
  });
  await expect(apart).rejects.toMatchObject({ code: "STORE_PATH" });
});
