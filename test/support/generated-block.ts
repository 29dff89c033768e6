import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

/** Lines as README.md holds them between the markers of `name`. */
export function generatedBlock(name: string, lines: readonly string[]): string {
  return [`<!-- generated:${name} -->`, "", ...lines, "", `<!-- /generated:${name} -->`].join("\n");
}

/** The committed block; rewritten first where it is stale, like a snapshot. */
export function committedBlock(name: string, fresh: string): string {
  const text = readFileSync(readme, "utf8");
  const [begin, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  const committed = text.slice(from, to + end.length);
  if (committed !== fresh) {
    writeFileSync(readme, text.slice(0, from) + fresh + text.slice(to + end.length));
  }
  return committed;
}
