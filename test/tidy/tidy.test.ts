import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Files git knows or would take, without fixtures and the lock file. */
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: root })
  .toString()
  .split("\0")
  .filter(
    (path) => path !== "" && !path.startsWith("test/fixtures/") && path !== "package-lock.json",
  );
const text = new Map(
  files
    .filter((path) => /\.(ts|mjs|cjs|js|sql|md|json|jsonc|yaml)$/.test(path))
    .map((path) => [path, read(path)]),
);
const sources = [...text].filter(([path]) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path));
const ships = sources.filter(
  ([path]) => !/\.(test|test-suite)\.ts$/.test(path) && !path.startsWith("packages/testkit/"),
);

function read(path: string): string {
  try {
    return readFileSync(`${root}/${path}`, "utf8");
  } catch {
    return "";
  }
}

/** The lines of `list` that hold `pattern`, as `path:line`. */
function places(list: readonly (readonly [string, string])[], pattern: RegExp): string[] {
  return list.flatMap(([path, body]) =>
    body.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

test("a source file is one noun of at most 300 lines", () => {
  const long = ships.filter(([, body]) => body.split("\n").length > 300).map(([path]) => path);
  expect(long).toEqual([]);
});

test("file names are kebab-case nouns, and none is called utils, helpers, common, shared, types or manager", () => {
  const names = sources.map(([path]) => path);
  expect(
    names.filter(
      (path) =>
        !/^packages\/[a-z-]+\/src(\/[a-z0-9-]+)*\/[a-z0-9-]+(\.test|\.test-suite)?\.ts$/.test(path),
    ),
  ).toEqual([]);
  expect(
    names.filter((path) => /\/(utils?|helpers?|common|shared|types|manager)\.ts$/.test(path)),
  ).toEqual([]);
});

test("nothing is left for later in the sources", () => {
  expect(
    places(
      [...text].filter(([path]) => !path.startsWith("test/tidy/")),
      // A word of its own: the control id "AT-XXX-01" is none.
      /(?<![\w-])(TODO|FIXME|XXX|HACK)(?![\w-])/,
    ),
  ).toEqual([]);
});

test("tests use no mocking framework: `vi.mock`, `vi.fn` and `vi.spyOn` are replaced by real parts or ports written in the test", () => {
  expect(
    places(
      sources.filter(([path]) => path.includes(".test")),
      /\bvi\.(mock|fn|spyOn|stubGlobal)\b/,
    ),
  ).toEqual([]);
});

test("the clock, chance and timers are passed in below the services: `Date.now()`, `Math.random()`, `setTimeout` stay out of L0 and L1", () => {
  const pure = ships.filter(([path]) =>
    /^packages\/(model|proof|verify|otlp|dialects|context|detections|redaction)\//.test(path),
  );
  expect(
    places(
      pure,
      // Outside quotes: a source may well name its span "codex.process.spawn".
      /(?<!["'][\w.]*)\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|process\.|console\.)|new Date\(\)/,
    ),
  ).toEqual([]);
});

test("the environment, `process.exit` and the console belong to the cli and to the one import", () => {
  const inner = ships.filter(([path]) => !/^packages\/(cli|instrumentation)\//.test(path));
  // Outside quotes: the conventions name an attribute "process.exit.code".
  expect(places(inner, /(?<!["'][\w.]*)\bprocess\.(env|exit)\b|\bconsole\./)).toEqual([]);
});

test("an index is a hand-written list: no `export *`, and no default export", () => {
  expect(places(ships, /^export \* from|^export default/)).toEqual([]);
});

test("the lock file names no registry host", () => {
  expect(readFileSync(`${root}/package-lock.json`, "utf8")).not.toMatch(/"resolved": *"https?:/);
});

test("the lock file knows the platform packages of every system, also those that were not installed here", () => {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly optionalDependencies?: object }>>;
  };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

test("the tree is formatted and linted", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "--max-diagnostics=20", "."],
    { cwd: root },
  );
  expect(status, `${stdout}${stderr}`.slice(0, 4000)).toBe(0);
});

test("nothing is exported, depended on or kept that nobody uses", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/knip/bin/knip.js", "-c", "test/tidy/knip.jsonc", "--no-progress"],
    { cwd: root },
  );
  expect(status, `${stdout}${stderr}`.slice(0, 4000)).toBe(0);
});

test("the types of the tests hold", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "-p", "test/tsconfig.json", "--noEmit"],
    { cwd: root },
  );
  expect(status, String(stdout).slice(0, 4000)).toBe(0);
});
