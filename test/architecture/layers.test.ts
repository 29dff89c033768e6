import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { cruise, type IConfiguration } from "dependency-cruiser";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rules = createRequire(import.meta.url)("./layers.cjs") as IConfiguration;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(`${root}/${path}`, "utf8")) as T;
}

const packages = readdirSync(`${root}/packages`).sort();

test("no import crosses the layers of the house", async () => {
  const result = await cruise(
    packages.map((name) => `packages/${name}/src`),
    { ...rules.options, ruleSet: rules, validate: true, baseDir: root },
  );
  if (typeof result.output === "string") throw new Error("the cruiser answered text");
  const { violations, totalCruised } = result.output.summary;
  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  expect(totalCruised).toBeGreaterThan(50);
});

test("a package's project references are exactly its workspace dependencies", () => {
  for (const name of packages) {
    const manifest = json<Manifest>(`packages/${name}/package.json`);
    const own = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter((dependency) => dependency.startsWith("@custody/"))
      .map((dependency) => `../${dependency.slice("@custody/".length)}`)
      .sort();
    const config = json<{ references: { path: string }[] }>(`packages/${name}/tsconfig.json`);
    expect(config.references.map(({ path }) => path).sort(), name).toEqual(own);
  }
});

test("the root builds every package", () => {
  const config = json<{ references: { path: string }[] }>("tsconfig.json");
  expect(config.references.map(({ path }) => path.slice("packages/".length)).sort()).toEqual(
    packages,
  );
});
