import { createHash } from "node:crypto";
import type { Engine } from "./engine.ts";
import { StorageError } from "./errors.ts";
import { type Dialect, migrationFiles, rendered, type SqlFile, sqlText } from "./sql-files.ts";

export interface MigrationReport {
  /** Names of the migrations and views applied by this call, in order. */
  readonly applied: readonly string[];
  /** The number of the newest migration. */
  readonly version: number;
}

/**
 * Numbered, forward only. What was applied is remembered with the digest of its text; a text that changed afterwards, or a store newer than
 * this program, is refused. `views` are statements of other packages (`CREATE OR REPLACE VIEW …`) and are applied again when they change.
 */
export async function migrate(
  engine: Engine,
  dialect: Dialect,
  views: readonly SqlFile[] = [],
): Promise<MigrationReport> {
  const run = (sql: string) => engine.command({ sql: rendered(sql, {}, dialect), params: {} });
  await run(sqlText("store/migrations"));
  const done = new Map(
    (await engine.rows({ sql: sqlText("store/migrations-applied"), params: {} })).map((row) => [
      String(row["name"]),
      String(row["checksum"]),
    ]),
  );
  const files = migrationFiles();
  refuseForeign(files, done);
  const due = [
    ...files.filter((file) => !done.has(file.name)),
    ...views
      .map((view) => ({ ...view, name: `view/${view.name}` }))
      .filter((view) => done.get(view.name) !== checksum(view.sql)),
  ];
  // One after the other: each may stand on the one before.
  for (const file of due) {
    await run(file.sql);
    await engine.command({
      sql: sqlText("store/migrations-record"),
      params: { name: file.name, checksum: checksum(file.sql) },
    });
  }
  return { applied: due.map((file) => file.name), version: files.length };
}

function refuseForeign(files: readonly SqlFile[], done: ReadonlyMap<string, string>): void {
  for (const file of files) {
    const known = done.get(file.name);
    if (known !== undefined && known !== checksum(file.sql)) {
      throw new StorageError(
        "STORE_MIGRATION",
        `migration ${file.name} was changed after it was applied`,
      );
    }
  }
  const names = new Set(files.map((file) => file.name));
  for (const name of done.keys()) {
    if (!name.startsWith("view/") && !names.has(name)) {
      throw new StorageError(
        "STORE_MIGRATION",
        `the store has a migration this program does not know: ${name}`,
      );
    }
  }
}

/** Over the text with its fragments in place, so that a changed fragment is a changed migration. */
function checksum(sql: string): string {
  return createHash("sha256").update(rendered(sql)).digest("hex");
}
