import { statSync } from "node:fs";
import { relative } from "node:path";
import {
  BaseSequencer,
  type TestSequencer,
  type TestSpecification,
  type Vitest,
} from "vitest/node";

/** They take most of a minute each: begun first, none of them is left to end alone. */
const longFiles: readonly string[] = [
  "test/tidy/lint.test.ts",
  "test/e2e/captures.test.ts",
  "test/e2e/redelivery.test.ts",
  "test/e2e/span-joins.test.ts",
  "test/e2e/kill.test.ts",
  "test/e2e/outage.test.ts",
  "packages/storage/src/server/open-server.test.ts",
  "test/e2e/tamper.test.ts",
  "test/e2e/restart.test.ts",
  "test/e2e/pages.test.ts",
  "packages/storage/src/embedded/open-embedded.test.ts",
];

/** The long ones, then those that start processes, the others larger first; last the many that share a process, which are short and fill the end. */
export class FileOrder implements TestSequencer {
  readonly #base: BaseSequencer;
  constructor(vitest: Vitest) {
    this.#base = new BaseSequencer(vitest);
  }

  shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return this.#base.shard(files);
  }

  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ranked = files.map((file) => ({
      file,
      rank: rankOf(file),
      bytes: statSync(file.moduleId).size,
    }));
    ranked.sort((left, right) => left.rank - right.rank || right.bytes - left.bytes);
    return ranked.map(({ file }) => file);
  }
}

function rankOf({ moduleId, project }: TestSpecification): number {
  const path = relative(project.vitest.config.root, moduleId);
  const long = longFiles.indexOf(path);
  if (long >= 0) return long - longFiles.length;
  if (!project.config.isolate) return 2;
  return path.startsWith("test/") ? 0 : 1;
}
