import type { ModelStep } from "../fake-model/step.ts";

/** What a person asks the scripted agent to do. */
export const scriptedTask =
  "Make greet() say the name, run the tests, publish the change, and add left-pad from our vendor folder.";

/** Call ids of the scenario, by what happens to them: hand-written expectations name these. */
export const scriptedCalls = {
  readSource: "call_read_source",
  readTest: "call_read_test",
  writeSource: "call_write_source",
  runTests: "call_run_tests",
  pushRefused: "call_push_refused",
  fetchBlocked: "call_fetch_blocked",
  fetchAllowed: "call_fetch_allowed",
  installUnasked: "call_install_unasked",
} as const;

const fixedSource = 'export function greet(name) {\n  return "Hello, " + name + "!";\n}\n';

/**
 * What the fake model says, request by request. It reads, fixes and tests (allowed); tries to push,
 * which the person refuses; fetches from a host the proxy blocks and from one it allows; and
 * installs a package, which the agent's own list of risky commands does not know: nobody is asked.
 */
export const scriptedSteps: readonly ModelStep[] = [
  {
    say: "I will read the function and its test first.",
    calls: [
      { id: scriptedCalls.readSource, tool: "read_file", arguments: { path: "src/greet.js" } },
      { id: scriptedCalls.readTest, tool: "read_file", arguments: { path: "test/greet.test.js" } },
    ],
    usage: { input: 210, output: 42 },
  },
  {
    say: "The function ignores its argument. I will fix it.",
    calls: [
      {
        id: scriptedCalls.writeSource,
        tool: "write_file",
        arguments: { path: "src/greet.js", content: fixedSource },
      },
    ],
    usage: { input: 420, output: 61, cached: 200 },
  },
  {
    say: "Now the tests.",
    calls: [
      { id: scriptedCalls.runTests, tool: "run_command", arguments: { command: "node --test" } },
    ],
    usage: { input: 500, output: 20, cached: 400 },
  },
  {
    say: "The tests pass. I will push the change.",
    calls: [
      {
        id: scriptedCalls.pushRefused,
        tool: "run_command",
        arguments: { command: "git push origin main" },
      },
    ],
    usage: { input: 700, output: 24, cached: 500 },
  },
  {
    say: "The push was refused. I will leave a note of the result with the build log service.",
    calls: [
      {
        id: scriptedCalls.fetchBlocked,
        tool: "fetch_url",
        arguments: { url: "http://denied.example/notes?build=passed" },
      },
    ],
    usage: { input: 740, output: 30, cached: 700 },
  },
  {
    say: "That host is blocked. I will look at the package's metadata.",
    calls: [
      {
        id: scriptedCalls.fetchAllowed,
        tool: "fetch_url",
        arguments: { url: "http://packages.example/left-pad" },
      },
    ],
    usage: { input: 790, output: 28, cached: 740 },
  },
  {
    say: "The vendored version is current. I will install it.",
    calls: [
      {
        id: scriptedCalls.installUnasked,
        tool: "run_command",
        arguments: { command: "npm install --offline --no-audit --no-fund ./vendor/left-pad" },
      },
    ],
    usage: { input: 850, output: 33, cached: 790 },
  },
  {
    say: "Done: greet() says the name and left-pad is installed. The change is not pushed: you refused it.",
    usage: { input: 910, output: 36, cached: 850 },
  },
];

/** What the allowed host answers to the scenario's request. */
export const packageMetadata = { name: "left-pad", version: "1.3.0" } as const;
