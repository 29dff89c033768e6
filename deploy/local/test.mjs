// `npm test`: installs, builds and runs every test, and ends with one line that counts them.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, checkNode, install, run } from "./steps.mjs";

checkNode();
install();
build();
const folder = mkdtempSync(join(tmpdir(), "custody-test-"));
const report = join(folder, "report.json");
const code = run(process.execPath, [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--config=test/tidy/vitest.config.ts",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
let passed = 0;
let failed = 0;
let broken = 0;
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed = result.numPassedTests;
  failed = result.numFailedTests;
  // A file that could not be loaded has no failed test of its own.
  broken = result.testResults.filter(
    (file) =>
      file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  ).length;
} catch {
  broken = 1;
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed + broken} failed`);
process.exitCode = code === 0 && failed + broken === 0 ? 0 : 1;
