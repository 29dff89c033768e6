import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const readme = fileURLToPath(new URL("../../packages/detections/README.md", import.meta.url));

/** Holds a generated block of the package's readme to `lines`; with CUSTODY_WRITE_TABLES=1 it is written instead. */
export function holdBlock(name: string, lines: readonly string[]): void {
  const text = readFileSync(readme, "utf8");
  const begin = `<!-- table ${name}: generated, held by test/detections -->\n`;
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf("<!-- table end -->", from);
  expect(text.includes(begin) && to >= from, `the readme has a table ${name}`).toBe(true);
  const fresh = `${lines.join("\n")}\n`;
  if (process.env["CUSTODY_WRITE_TABLES"] === "1") {
    writeFileSync(readme, text.slice(0, from) + fresh + text.slice(to));
    return;
  }
  expect(text.slice(from, to), "run again with CUSTODY_WRITE_TABLES=1").toBe(fresh);
}
