import tseslint from "typescript-eslint";

const tsconfigRootDir = `${import.meta.dirname}/../..`;
const tests = ["test/**/*.ts", "**/*.test.ts", "**/*.test-suite.ts"];
const unsafe = ["argument", "assignment", "call", "member-access", "return"];
const rule = (name) => `@typescript-eslint/${name}`;
const off = (names) => Object.fromEntries(names.map((name) => [rule(name), "off"]));
const rules = {
  "await-thenable": "error",
  "no-floating-promises": "error",
  "no-misused-promises": "error",
  "no-unnecessary-condition": "error",
  ...Object.fromEntries(unsafe.map((use) => [`no-unsafe-${use}`, "error"])),
  "only-throw-error": "error",
  "return-await": "error",
  "switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  "use-unknown-in-catch-callback-variable": "error",
};

/** Only what Biome cannot know: the rules that need types. Formatting, imports and plain lint are Biome's. */
export default [
  { ignores: ["**/dist/**", "**/*.{js,mjs,cjs}", "**/*.d.{ts,mts}", "test/fixtures/**"] },
  {
    files: ["**/*.ts"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: Object.fromEntries(Object.entries(rules).map(([name, level]) => [rule(name), level])),
  },
  {
    files: ["**/*.ts"],
    // One program of all sources and tests: as many programs as packages would read and check the lower ones again and again.
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "test/tidy/tsconfig.json", tsconfigRootDir },
    },
  },
  {
    files: tests,
    // A test may read a vector or an answer as the JSON it is: where its shape is wrong, the test fails.
    rules: off(unsafe.map((use) => `no-unsafe-${use}`)),
  },
  {
    // Relations between constants are asserted when the file loads. That they hold today is the point.
    files: ["packages/*/src/limits.ts"],
    rules: off(["no-unnecessary-condition"]),
  },
];
