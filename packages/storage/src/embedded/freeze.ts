import { cp, link, mkdir, readdir, realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine.ts";
import { StorageError } from "../errors.ts";
import { rendered, sqlText } from "../sql-files.ts";

/** The engine's own folder for hard links of parts; its name in there. */
const shadow = "shadow";
const name = "custody";

/**
 * Puts a copy of the embedded engine's folder into `into`, on the same file system: the parts of now, as hard links that the engine makes
 * itself, and the definitions of all tables and views. The copy opens as the original does. A part is never changed, so that a copy costs
 * no room until merges have replaced what it holds.
 */
export async function freezeEmbedded(engine: Engine, dir: string, into: string): Promise<void> {
  const place = join(dir, shadow, name);
  // Of a process that died while it froze.
  await rm(place, { recursive: true, force: true });
  const tables = await engine.rows({ sql: sqlText("store/frozen-tables"), params: {} });
  for (const row of tables) {
    const table = String(row["name"]);
    // Names of our own migrations: still nothing else becomes a statement.
    if (!/^[a-z_]+$/.test(table)) throw new StorageError("STORE_PARAM", "a table of another's");
    await engine.command({ sql: rendered(sqlText("store/freeze"), { table, name }), params: {} });
  }
  await mkdir(into, { recursive: true, mode: 0o700 });
  await rename(join(place, "store"), join(into, "store"));
  await rm(place, { recursive: true, force: true });
  await mkdir(join(into, "metadata"), { mode: 0o700 });
  await cp(join(dir, "metadata", "custody.sql"), join(into, "metadata", "custody.sql"));
  await linkDefinitions(dir, into);
}

/** The engine writes a definition anew where it changes: a link keeps the one of now. */
async function linkDefinitions(dir: string, into: string): Promise<void> {
  const from = await realpath(join(dir, "metadata", "custody"));
  const to = join(into, from.slice((await realpath(dir)).length));
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const file of await readdir(from)) {
    if (file.endsWith(".sql")) await link(join(from, file), join(to, file));
  }
}
