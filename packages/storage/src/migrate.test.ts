import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openEmbedded } from "./embedded/open-embedded.ts";
import type { Engine } from "./engine.ts";
import { migrate } from "./migrate.ts";
import { id, writeBatch } from "./scenario.test-suite.ts";
import { migrationFiles, rendered, singleNode } from "./sql-files.ts";

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

/** As if nothing had ever been there. */
async function empty(): Promise<void> {
  await command("DROP DATABASE custody SYNC");
  await command("CREATE DATABASE custody ENGINE = Atomic");
}

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

test("killed between any migration and its note, the next start ends at the same store", async () => {
  const shape = () =>
    engine.rows({
      sql: "SELECT table, name, type, default_kind, default_expression, compression_codec FROM system.columns WHERE database = currentDatabase() ORDER BY table, position",
      params: {},
    });
  const before = await shape();
  await empty();
  for (const { sql } of migrationFiles()) {
    // Done and not noted, so it is done again.
    await command(rendered(sql));
    await command(rendered(sql));
  }
  await migrate(engine, singleNode);
  expect(await shape()).toEqual(before);
});

test("records of a store that kept their hashes answer the same after its migration, and later ones keep none", async () => {
  await empty();
  const older = migrationFiles().filter(({ name }) => name < "020");
  for (const { sql } of older) await command(rendered(sql));
  const write = async (leaf: number): Promise<void> => {
    const file = writeBatch({
      dir: join(dir, "journal"),
      ledger: "l",
      rx: "2026-07-01T10:00:00.000000000Z",
      from: leaf,
      records: [{ id: id(leaf), class: "turn", session: "s", body: {} }],
    });
    await engine.feed({ sql: "direct", paths: [file.path], params: {}, leaves: file, fence: 0 });
  };
  await write(0);
  await migrate(engine, singleNode);
  await write(1);
  const rows = await engine.rows({
    sql: "SELECT leaf, canonical, sha_hex FROM records ORDER BY leaf",
    params: {},
  });
  expect(rows.map((row) => row["leaf"])).toEqual(["0", "1"]);
  for (const { canonical, sha_hex } of rows) {
    expect(sha_hex).toBe(createHash("sha256").update(String(canonical)).digest("hex"));
  }
  await command("OPTIMIZE TABLE records FINAL");
  const kept = await engine.rows({
    sql: "SELECT count() AS n FROM system.parts_columns WHERE active AND database = currentDatabase() AND table = 'records' AND column = 'sha'",
    params: {},
  });
  expect(kept).toEqual([{ n: "0" }]);
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
