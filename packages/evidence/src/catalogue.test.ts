import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCatalogue } from "./catalogue.ts";

const versions = fileURLToPath(new URL("../catalogue/agent-trace-core/", import.meta.url));
const shipped = join(versions, "1.1.0");
const earlier = join(versions, "1.0.0");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "custody-catalogue-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the shipped catalogue in which one file of the newest version, its own or of the version it builds upon, is another. */
async function changed(path: string, change: (text: string) => string): Promise<string> {
  const copy = await copied();
  const held = await readFile(join(shipped, path), "utf8").catch(() =>
    readFile(join(earlier, path), "utf8"),
  );
  await writeFile(join(copy, "1.1.0", path), change(held));
  return join(copy, "1.1.0");
}

async function copied(): Promise<string> {
  const copy = await mkdtemp(join(folder, "copy-"));
  await cp(versions, copy, { recursive: true });
  for (const kind of ["controls", "views", "facts"]) {
    await mkdir(join(copy, "1.1.0", kind), { recursive: true });
  }
  return copy;
}

test.each([
  ["1.0.0", "fb68a63751e44f5ac56a56f38b8c9e1fbb2f963ffc1b23fdfd5c95765789e6d6"],
  ["1.1.0", "316706a99192dab7b9bdb8b87e790473649baf713cb33bbf169db929956a9a47"],
])(
  "version %s of the catalogue never changes: another SQL, filter or tolerance is another version",
  async (version, digest) => {
    // Whoever changes one of these digests publishes a new version beside the old ones.
    expect((await loadCatalogue({ folder: join(versions, version) })).digest).toBe(digest);
  },
);

test("the newest version is the one that is run", async () => {
  expect((await loadCatalogue()).digest).toBe((await loadCatalogue({ folder: shipped })).digest);
});

test("a version holds only what differs from the version it builds upon", async () => {
  const own = await readdir(shipped, { recursive: true, withFileTypes: true });
  const files = own.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const below = await readFile(path.replace("1.1.0", "1.0.0"), "utf8").catch(() => undefined);
    expect(await readFile(path, "utf8"), path).not.toBe(below);
  }
});

test("an edit of the version below is refused, and so is a version that builds on itself", async () => {
  const edited = await copied();
  const view = join(edited, "1.0.0", "views", "rec.sql");
  await writeFile(view, (await readFile(view, "utf8")).replace("86400000000", "86400000001"));
  await expect(loadCatalogue({ folder: join(edited, "1.1.0") })).rejects.toMatchObject({
    code: "CATALOGUE_FORMAT",
    message: expect.stringContaining("builds on 1.0.0"),
  });
  const round = await changed("catalogue.yaml", (text) =>
    text.replace("  version: 1.0.0", "  version: 1.1.0"),
  );
  await expect(loadCatalogue({ folder: round })).rejects.toMatchObject({
    code: "CATALOGUE_FORMAT",
    message: expect.stringContaining("no earlier"),
  });
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
