import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** Lines as a document holds them between the markers of `name`. */
export function generatedBlock(name: string, lines: readonly string[]): string {
  return [`<!-- generated:${name} -->`, "", ...lines, "", `<!-- /generated:${name} -->`].join("\n");
}

/** The committed block of a document of the tree; rewritten first where it is stale, like a snapshot. */
export function committedBlock(name: string, fresh: string, document = "README.md"): string {
  const path = fileURLToPath(new URL(document, root));
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no ${begin} … ${end}`);
  const committed = text.slice(from, to + end.length);
  if (committed !== fresh) {
    writeFileSync(path, text.slice(0, from) + fresh + text.slice(to + end.length));
  }
  return committed;
}
