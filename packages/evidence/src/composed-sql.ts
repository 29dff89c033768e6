import { EvidenceError } from "./errors.ts";

/**
 * Writes the views a control names into its own WITH clause, so that the statement runs anywhere: readers of the embedded engine may
 * create nothing, and an auditor should need one text only. The settings that change results are pinned in the text itself.
 */
export function composedSql(
  control: string,
  views: ReadonlyMap<string, string>,
  heading: string,
): string {
  const body = withoutComment(control);
  const wanted = inOrder(body, views);
  const clauses = wanted.map((name) => `${name} AS (\n${indented(views.get(name) ?? "")}\n)`);
  const [own, select] = ownClauses(body);
  const all = own === "" ? clauses : [...clauses, own];
  const lead = all.length === 0 ? "" : `WITH\n${all.join(",\n")}\n`;
  return `${heading}${lead}${select}\nSETTINGS join_use_nulls = 0\n`;
}

/** Views in the order of their needs: a view follows every view that its text names. */
function inOrder(text: string, views: ReadonlyMap<string, string>): string[] {
  const ordered: string[] = [];
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    if (open.has(name)) throw new EvidenceError("CATALOGUE_FORMAT", `view ${name} needs itself`);
    open.add(name);
    for (const next of namesIn(views.get(name) ?? "", views)) visit(next);
    ordered.push(name);
  };
  for (const name of namesIn(text, views)) visit(name);
  return ordered;
}

function namesIn(text: string, views: ReadonlyMap<string, string>): string[] {
  const words = new Set(text.replace(/--[^\n]*/g, "").match(/\b[a-z][a-z_]*\b/g) ?? []);
  return [...views.keys()].filter((name) => words.has(name)).sort();
}

/** Splits `WITH … SELECT …` at the statement's own SELECT, which stands at the start of a line. */
function ownClauses(body: string): [own: string, select: string] {
  if (!body.startsWith("WITH\n")) return ["", body];
  const at = body.indexOf("\nSELECT");
  if (at < 0)
    throw new EvidenceError("CATALOGUE_FORMAT", "a control's SQL has no SELECT of its own");
  return [body.slice("WITH\n".length, at), body.slice(at + 1)];
}

function withoutComment(text: string): string {
  return text.replace(/^(--[^\n]*\n)+/, "").trimEnd();
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
