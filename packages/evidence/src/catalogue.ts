import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalText } from "@custody/model";
import { parse } from "yaml";
import type { z } from "zod";
import { composedSql } from "./composed-sql.ts";
import {
  type CatalogueText,
  type Control,
  type ControlText,
  catalogueSchema,
  controlSchema,
} from "./control.ts";
import { sha256Hex } from "./digest.ts";
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

export const shippedCatalogue = { id: "agent-trace-core", version: "1.1.0" } as const;

/** The folder ships beside `src` and `dist`. */
const shippedFolder = fileURLToPath(
  new URL(`../catalogue/${shippedCatalogue.id}/${shippedCatalogue.version}/`, import.meta.url),
);

/** Loads and checks a catalogue; `only` keeps some of its controls, without changing its digest. */
export async function loadCatalogue(
  options: { readonly folder?: string; readonly only?: readonly string[] } = {},
): Promise<Catalogue> {
  const folder = options.folder ?? shippedFolder;
  const text = await yamlFile(join(folder, "catalogue.yaml"), catalogueSchema);
  const views = await sqlFiles(join(folder, "views"));
  const facts = await sqlFiles(join(folder, "facts"));
  const read = await Promise.all(
    text.value.controls.map((id) => controlFile(join(folder, "controls"), id)),
  );
  const digest = sha256Hex(
    canonicalText({
      catalogue: text.value,
      controls: read.map(({ control, sql }) => ({ ...control, sql })),
      views: Object.fromEntries(views),
      facts: Object.fromEntries(facts),
    }),
  );
  const named = `catalogue ${text.value.id} ${text.value.version}\n`;
  const tested = read.map(({ control, yaml, sql }): Control => {
    const heading = `-- ${control.id} ${control.version}, ${named}`;
    return { ...control, yaml, sql: composedSql(sql, views, heading) };
  });
  const fact = (name: FactName): string => {
    const sql = facts.get(name);
    if (sql === undefined) throw new EvidenceError("CATALOGUE_FORMAT", `no facts/${name}.sql`);
    return composedSql(sql, views, `-- ${name}, ${named}`);
  };
  return {
    ...text.value,
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

async function controlFile(
  folder: string,
  id: string,
): Promise<{ control: ControlText; yaml: string; sql: string }> {
  const { value, text } = await yamlFile(join(folder, `${id}.yaml`), controlSchema);
  if (value.id !== id) {
    throw new EvidenceError("CATALOGUE_FORMAT", `${id}.yaml describes ${value.id}`);
  }
  return { control: value, yaml: text, sql: await readFile(join(folder, `${id}.sql`), "utf8") };
}

async function sqlFiles(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return new Map(names.map((name, at) => [name.slice(0, -".sql".length), texts[at] ?? ""]));
}

async function yamlFile<T>(
  path: string,
  schema: z.ZodType<T>,
): Promise<{ value: T; text: string }> {
  const text = await readFile(path, "utf8");
  const checked = schema.safeParse(parse(text));
  if (!checked.success) {
    const [first] = checked.error.issues;
    throw new EvidenceError(
      "CATALOGUE_FORMAT",
      `${path}: ${first?.path.join(".")} ${first?.message}`,
    );
  }
  return { value: checked.data, text };
}
