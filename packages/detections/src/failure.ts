import type { CallStory } from "./story.ts";

/** Whether a call ended badly, as its source tells it: by a word, or by the exit code of what ran. */
export function hasFailed({ status, results }: CallStory): boolean {
  const last = results.at(-1)?.body;
  return status === "error" || last?.success === false || (last?.exit_code ?? 0) !== 0;
}
