import { readdirSync, readFileSync } from "node:fs";

/** One statement, by the name of its file. */
export interface SqlFile {
  readonly name: string;
  readonly sql: string;
}

const root = new URL("../sql/", import.meta.url);
const cache = new Map<string, string>();

/** The text of `sql/<name>.sql` of this package. */
export function sqlText(name: string): string {
  const known = cache.get(name);
  if (known !== undefined) {
    return known;
  }
  const text = readFileSync(new URL(`${name}.sql`, root), "utf8").trim();
  cache.set(name, text);
  return text;
}

/** The statements of a folder in order of their names. */
export function readSqlFiles(folder: URL): readonly SqlFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({
      name: name.slice(0, -".sql".length),
      sql: readFileSync(new URL(name, folder), "utf8").trim(),
    }));
}

export function migrationFiles(): readonly SqlFile[] {
  return readSqlFiles(new URL("migrations/", root));
}

/** How this deployment spells what differs between one node and a cluster. */
export interface Dialect {
  /** Empty, or `ON CLUSTER 'name'`. */
  readonly onCluster: string;
  /** The engine of a table, for example `MergeTree` → `ReplicatedMergeTree`. */
  engine(name: string): string;
}

export const singleNode: Dialect = { onCluster: "", engine: (name) => name };

/**
 * Fills the slots of our own SQL: `{{on_cluster}}`, `{{engine:Name}}`, `{{include:fragment}}`, `{{quoted:fragment}}` (inside a string
 * literal) and those given in `slots`. Slots are constants of this program; no value from outside ever comes this way.
 */
export function rendered(
  sql: string,
  slots: Readonly<Record<string, string>> = {},
  dialect: Dialect = singleNode,
): string {
  return sql.replace(/\{\{([a-z_]+)(?::([A-Za-z-]+))?\}\}/g, (_, slot: string, of: string = "") => {
    const known: Readonly<Record<string, () => string>> = {
      on_cluster: () => dialect.onCluster,
      engine: () => dialect.engine(of),
      include: () => rendered(sqlText(`fragments/${of}`), slots, dialect),
      quoted: () => rendered(sqlText(`fragments/${of}`), slots, dialect).replaceAll("'", "\\'"),
    };
    const text = Object.hasOwn(slots, slot) ? slots[slot] : known[slot]?.();
    if (text === undefined) {
      throw new RangeError(`no slot ${slot}`);
    }
    return text;
  });
}
