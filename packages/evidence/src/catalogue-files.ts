import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalText } from "@custody/model";
import { parse } from "yaml";
import type { z } from "zod";
import {
  type CatalogueText,
  type ControlText,
  catalogueSchema,
  controlSchema,
  type EarlierVersion,
} from "./control.ts";
import { sha256Hex } from "./digest.ts";
import { EvidenceError } from "./errors.ts";

/** What one version of a catalogue holds: its own files, and of the version it builds upon those that it does not replace. */
export interface CatalogueFiles {
  readonly text: CatalogueText;
  readonly controls: readonly ControlFile[];
  /** Texts of SQL by name. */
  readonly views: ReadonlyMap<string, string>;
  readonly facts: ReadonlyMap<string, string>;
  /** SHA-256 over the canonical form of all of it: what the version holds, and not in which folder its parts lie. */
  readonly digest: string;
}

interface ControlFile {
  readonly control: ControlText;
  readonly yaml: string;
  readonly sql: string;
}

export async function readCatalogue(folder: string): Promise<CatalogueFiles> {
  return filesOf(await textsOf(folder));
}

/** Texts by their path within the version. */
type Texts = ReadonlyMap<string, string>;

const ownText = "catalogue.yaml";

async function textsOf(folder: string): Promise<Texts> {
  const own = await ownTexts(folder);
  const { builds_on, version } = checkedYaml(own, ownText, catalogueSchema);
  if (builds_on === undefined) return own;
  return new Map([...(await earlierTexts(folder, version, builds_on)), ...own]);
}

/** An edit of the version below is an edit of every version above it: its digest is looked at here, not only in a test. */
async function earlierTexts(folder: string, version: string, on: EarlierVersion): Promise<Texts> {
  if (on.version.localeCompare(version, "en", { numeric: true }) >= 0) {
    throw new EvidenceError("CATALOGUE_FORMAT", `${version} builds on ${on.version}, no earlier`);
  }
  const texts = await textsOf(join(folder, "..", on.version));
  const { digest } = filesOf(texts);
  if (digest !== on.sha256) {
    throw new EvidenceError(
      "CATALOGUE_FORMAT",
      `${version} builds on ${on.version} of digest ${on.sha256}, and what lies there has ${digest}`,
    );
  }
  return texts;
}

async function ownTexts(folder: string): Promise<Texts> {
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    /\.(?:sql|yaml)$/.test(name),
  );
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return new Map(names.map((name, at) => [name.replaceAll("\\", "/"), texts[at] ?? ""]));
}

function filesOf(texts: Texts): CatalogueFiles {
  const { builds_on: _, ...text } = checkedYaml(texts, ownText, catalogueSchema);
  const controls = text.controls.map((id) => controlOf(texts, id));
  const views = sqlIn(texts, "views/");
  const facts = sqlIn(texts, "facts/");
  const digest = sha256Hex(
    canonicalText({
      catalogue: text,
      controls: controls.map(({ control, sql }) => ({ ...control, sql })),
      views: Object.fromEntries(views),
      facts: Object.fromEntries(facts),
    }),
  );
  return { text, controls, views, facts, digest };
}

function controlOf(texts: Texts, id: string): ControlFile {
  const path = `controls/${id}.yaml`;
  const control = checkedYaml(texts, path, controlSchema);
  if (control.id !== id) {
    throw new EvidenceError("CATALOGUE_FORMAT", `${path} describes ${control.id}`);
  }
  return { control, yaml: textAt(texts, path), sql: textAt(texts, `controls/${id}.sql`) };
}

function sqlIn(texts: Texts, prefix: string): Map<string, string> {
  const paths = [...texts.keys()].filter(
    (path) => path.startsWith(prefix) && path.endsWith(".sql"),
  );
  return new Map(
    paths.map((path) => [path.slice(prefix.length, -".sql".length), textAt(texts, path)]),
  );
}

function textAt(texts: Texts, path: string): string {
  const text = texts.get(path);
  if (text === undefined) throw new EvidenceError("CATALOGUE_FORMAT", `no ${path}`);
  return text;
}

function checkedYaml<T>(texts: Texts, path: string, schema: z.ZodType<T>): T {
  const checked = schema.safeParse(parse(textAt(texts, path)));
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  throw new EvidenceError(
    "CATALOGUE_FORMAT",
    `${path}: ${first?.path.join(".")} ${first?.message}`,
  );
}
