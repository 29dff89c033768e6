import type { AnyFact } from "@custody/model";

const outputUnitsMax = 65_536;
const revisionForm = /\[[^[\]\r\n]{1,250} [0-9a-f]{7,40}\]|(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/;

/** Whether a fact may change what is known of who made a commit: a session that begins, a command of git, an output that names a revision. */
export function speaksOfCommits({ class: name, content, ...fact }: AnyFact): boolean {
  if (name === "session" || name === "turn") return true;
  if (name !== "tool_call" && name !== "decision" && name !== "observation") return false;
  if ("kind" in fact.body && fact.body.kind === "vcs") return true;
  if (content?.["arguments"]?.includes("git") === true) return true;
  const output = content?.["output"] ?? content?.["content"];
  return output !== undefined && revisionForm.test(output.slice(0, outputUnitsMax));
}
