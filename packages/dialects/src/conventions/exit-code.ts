/** Only a result that is as a whole a JSON object with an exit code states one; a command may print the same words. */
export function exitCodeOf(result: string | undefined): number | undefined {
  if (result === undefined || !/^\{[\s\S]*"exit_?code"/i.test(result)) return undefined;
  try {
    const value: unknown = JSON.parse(result);
    if (typeof value !== "object" || value === null) return undefined;
    const { exit_code: snake, exitCode: camel } = value as {
      exit_code?: unknown;
      exitCode?: unknown;
    };
    const code = snake ?? camel;
    return typeof code === "number" && Number.isSafeInteger(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
