import { describe, expect, test } from "vitest";
import { exitCodeOf, outcomeOf } from "./outcomes.ts";

const header = (code: number): string =>
  `Chunk ID: cc0910\nWall time: 0.0000 seconds\nProcess exited with code ${code}\nOriginal token count: 2\nOutput:\n`;

describe("what the words of a Codex tool result say", () => {
  test.each([
    [
      'exec_command failed: CreateProcess { message: "Rejected(\\"rejected by user\\")" }',
      "denied",
      undefined,
    ],
    ["patch rejected by user", "denied", undefined],
    [
      'exec_command failed: CreateProcess { message: "Rejected(\\"This action was rejected due to unacceptable risk.\\\\nReason: x\\")" }',
      "denied",
      undefined,
    ],
    [
      "approval policy is Never; reject command — you cannot ask for escalated permissions if the approval policy is Never",
      "denied",
      "policy",
    ],
    [
      "patch rejected: writing outside of the project; rejected by user approval settings",
      "denied",
      "policy",
    ],
    [
      'exec_command failed: CreateProcess { message: "Rejected(\\"`/bin/bash -lc \'git push\'` rejected: pushes are not allowed\\")" }',
      "blocked",
      "policy",
    ],
    [
      "Command blocked by PreToolUse hook: blocked by policy hook. Command: rm -rf src",
      "denied",
      "hook",
    ],
    [
      'exec_command failed: ProcessFailed { message: "Network access to \\"denied.example\\" was blocked: domain is explicitly denied by policy." }',
      "blocked",
      undefined,
    ],
    ["unsupported call: no_such_tool", "error", undefined],
    ["command timed out after 1000 milliseconds\n", "timeout", undefined],
    ["exec command rejected by user", "denied", undefined],
    [
      "Exit code: 124\nWall time: 0.7 seconds\nOutput:\ncommand timed out after 702 milliseconds\n",
      "timeout",
      undefined,
    ],
    ["Exit code: 7\nWall time: 0 seconds\nOutput:\nok\n", "executed", undefined],
    ["Wall time: 0.0022 seconds\nOutput:\nboom: scripted failure", "error", undefined],
  ])("%s", (output, status, refusedBy) => {
    const outcome = outcomeOf(false, output);
    expect([outcome.status, outcome.refusedBy]).toEqual([status, refusedBy]);
  });

  test("a command that ran and printed the words of a rejection was executed", () => {
    expect(outcomeOf(true, `${header(0)}rejected by user`)).toEqual({
      status: "executed",
      ran: true,
    });
  });

  test("an answer that an older release prints as an error is one, though it calls it a success", () => {
    const answer = (text: string, error: string): string =>
      `Ok(CallToolResult { content: [Object {"type": String("text"), "text": String("${text}")}], structured_content: None, is_error: ${error}, meta: None })`;
    expect(outcomeOf(true, answer("boom", "Some(true)")).status).toBe("error");
    expect(outcomeOf(true, answer("5", "None")).status).toBe("executed");
    const forged = "is_error: Some(true), meta: None })";
    expect(outcomeOf(true, answer(forged, "None")).status).toBe("executed");
  });

  test("a rejected command whose own text holds the words for a rejection by the user was stopped by the rule", () => {
    const command = "`/bin/bash -lc 'echo rejected by user'` rejected: echoes are not allowed";
    const output = `exec_command failed: CreateProcess { message: "Rejected(\\"${command}\\")" }`;
    expect(outcomeOf(false, output).status).toBe("blocked");
  });

  test("words that an MCP server could have written itself are marked as such", () => {
    const output = "Wall time: 0.7 seconds\nOutput:\nuser rejected MCP tool call";
    expect(outcomeOf(false, output)).toMatchObject({ status: "denied", forgeable: true });
  });

  test("without a word about success nothing is concluded", () => {
    expect(outcomeOf(undefined, "anything").status).toBe("unknown");
  });
});

describe("the exit code of a Codex tool result", () => {
  test("is the one in the header, whatever the command printed after it", () => {
    expect(exitCodeOf(`${header(7)}Process exited with code 0\n`)).toBe(7);
  });

  test("is read from apply_patch in both forms that releases wrote", () => {
    expect(exitCodeOf("Exit code: 0\nWall time: 0.2 seconds\nOutput:\nSuccess.\n")).toBe(0);
    expect(
      exitCodeOf('{"output":"Success.\\n","metadata":{"exit_code":1,"duration_seconds":0.0}}'),
    ).toBe(1);
  });

  test("is absent for a command that is still running, and for a text that only quotes a header", () => {
    const running =
      "Chunk ID: a1\nWall time: 10.0 seconds\nProcess running with session ID 7\nOutput:\n";
    expect(exitCodeOf(running)).toBeUndefined();
    expect(exitCodeOf(`printed: ${header(0)}`)).toBeUndefined();
  });

  test("takes no longer than the text is long", () => {
    const hostile = `{"output":"${',"metadata":{"exit_code":1,"duration_seconds":'.repeat(20_000)}`;
    const started = performance.now();
    expect(exitCodeOf(hostile)).toBeUndefined();
    expect(outcomeOf(false, "`".repeat(1_000_000)).status).toBe("error");
    const answers = `Ok(CallToolResult {${" is_error: Some(true), meta: None".repeat(30_000)}`;
    expect(outcomeOf(true, answers).status).toBe("executed");
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
