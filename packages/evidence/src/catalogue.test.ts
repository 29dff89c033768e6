import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCatalogue } from "./catalogue.ts";

const shipped = fileURLToPath(new URL("../catalogue/agent-trace-core/1.1.0/", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "custody-catalogue-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the shipped catalogue with one file changed. */
async function changed(path: string, change: (text: string) => string): Promise<string> {
  const copy = await mkdtemp(join(folder, "copy-"));
  await cp(shipped, copy, { recursive: true });
  await writeFile(join(copy, path), change(await readFile(join(copy, path), "utf8")));
  return copy;
}

test.each([
  ["1.0.0", "fb68a63751e44f5ac56a56f38b8c9e1fbb2f963ffc1b23fdfd5c95765789e6d6"],
  ["1.1.0", "316706a99192dab7b9bdb8b87e790473649baf713cb33bbf169db929956a9a47"],
])(
  "version %s of the catalogue never changes: another SQL, filter or tolerance is another version",
  async (version, digest) => {
    // Whoever changes one of these digests publishes a new version beside the old ones.
    const of = join(shipped, "..", version);
    expect((await loadCatalogue({ folder: of })).digest).toBe(digest);
  },
);

test("the newest version is the one that is run", async () => {
  expect((await loadCatalogue()).digest).toBe((await loadCatalogue({ folder: shipped })).digest);
});

test("any change of SQL or words changes the digest", async () => {
  const { digest } = await loadCatalogue();
  const changes: readonly (readonly [string, string, string])[] = [
    ["views/rec.sql", "86400000000", "86400000001"],
    ["controls/AT-APR-01.yaml", "executed without any verdict", "executed"],
    ["facts/coverage.sql", "uniqExactIf", "uniqIf"],
  ];
  for (const [path, from, to] of changes) {
    const copy = await changed(path, (text) => text.replace(from, to));
    expect((await loadCatalogue({ folder: copy })).digest, path).not.toBe(digest);
  }
});

test("a misspelt member is refused, and so is a control that its file does not describe", async () => {
  const misspelt = await changed("controls/AT-NET-01.yaml", (text) =>
    text.replace("limits:", "limit:"),
  );
  await expect(loadCatalogue({ folder: misspelt })).rejects.toMatchObject({
    code: "CATALOGUE_FORMAT",
  });
  const renamed = await changed("controls/AT-NET-01.yaml", (text) =>
    text.replace("id: AT-NET-01", "id: AT-NET-02"),
  );
  await expect(loadCatalogue({ folder: renamed })).rejects.toMatchObject({
    code: "CATALOGUE_FORMAT",
  });
});

test("a chosen control keeps the catalogue's digest, and an unknown one is refused", async () => {
  const all = await loadCatalogue();
  const one = await loadCatalogue({ only: ["AT-APR-01"] });
  expect(one.tested.map(({ id }) => id)).toEqual(["AT-APR-01"]);
  expect(one.digest).toBe(all.digest);
  await expect(loadCatalogue({ only: ["AT-XXX-01"] })).rejects.toMatchObject({
    code: "CATALOGUE_FORMAT",
  });
});

test("every statement stands alone: its views are written into it, each after those it needs, and joins are pinned", async () => {
  const { tested, facts } = await loadCatalogue();
  for (const sql of [...tested.map((control) => control.sql), ...Object.values(facts)]) {
    const defined = [...sql.matchAll(/^((?:rec|v_[a-z_]+|ref_[a-z_]+)) AS \($/gm)].map(
      ([, name]) => name,
    );
    const used = new Set(sql.replace(/--[^\n]*/g, "").match(/\b(?:rec|v_[a-z_]+|ref_[a-z_]+)\b/g));
    expect(new Set(defined)).toEqual(used);
    expect(sql.match(/\bFROM records\b/g)).toHaveLength(1);
    expect(sql.trimEnd().endsWith("SETTINGS join_use_nulls = 0")).toBe(true);
  }
});

test("every code and attribute letter that a statement can answer is explained", async () => {
  for (const { sql, codes, attributes } of (await loadCatalogue()).tested) {
    const answered = new Set(sql.match(/\b[A-Z]{3}\d{2}-[A-Z]+\b/g));
    expect(new Set(Object.keys(codes))).toEqual(answered);
    for (const letter of Object.keys(attributes))
      expect(sql).toMatch(new RegExp(` AS ${letter}\\b`));
  }
});
