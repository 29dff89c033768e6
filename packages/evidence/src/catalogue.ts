import { fileURLToPath } from "node:url";
import { readCatalogue } from "./catalogue-files.ts";
import { composedSql } from "./composed-sql.ts";
import type { CatalogueText, Control } from "./control.ts";
import { EvidenceError } from "./errors.ts";

/** The controls of one version, immutable: another SQL, filter or tolerance is another version. */
export interface Catalogue extends CatalogueText {
  readonly tested: readonly Control[];
  /** Statements behind the first page, by name: what the records can say at all. */
  readonly facts: Readonly<Record<FactName, string>>;
  /** SHA-256 over the canonical form of everything in it. */
  readonly digest: string;
}

type FactName = "coverage" | "completeness";

const shippedCatalogue = { id: "agent-trace-core", version: "1.1.0" } as const;

/** The folder ships beside `src` and `dist`. */
const shippedFolder = fileURLToPath(
  new URL(`../catalogue/${shippedCatalogue.id}/${shippedCatalogue.version}/`, import.meta.url),
);

/** Loads and checks a catalogue; `only` keeps some of its controls, without changing its digest. */
export async function loadCatalogue(
  options: { readonly folder?: string; readonly only?: readonly string[] } = {},
): Promise<Catalogue> {
  const { text, controls, views, facts, digest } = await readCatalogue(
    options.folder ?? shippedFolder,
  );
  const named = `catalogue ${text.id} ${text.version}\n`;
  const tested = controls.map(({ control, yaml, sql }): Control => {
    const heading = `-- ${control.id} ${control.version}, ${named}`;
    return { ...control, yaml, sql: composedSql(sql, views, heading) };
  });
  const fact = (name: FactName): string => {
    const sql = facts.get(name);
    if (sql === undefined) throw new EvidenceError("CATALOGUE_FORMAT", `no facts/${name}.sql`);
    return composedSql(sql, views, `-- ${name}, ${named}`);
  };
  return {
    ...text,
    tested: chosen(tested, options.only),
    facts: { coverage: fact("coverage"), completeness: fact("completeness") },
    digest,
  };
}

function chosen(controls: readonly Control[], only: readonly string[] | undefined): Control[] {
  if (only === undefined) return [...controls];
  const unknown = only.filter((id) => !controls.some((control) => control.id === id));
  if (unknown.length > 0) {
    throw new EvidenceError("CATALOGUE_FORMAT", `no such control: ${unknown.join(", ")}`);
  }
  return controls.filter(({ id }) => only.includes(id));
}
