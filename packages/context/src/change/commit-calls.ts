import type { PlacedRecord } from "@custody/model";
import { groupByCall } from "../call-group.ts";
import { callPrograms } from "../call-programs.ts";
import { callMarks, callSpans } from "../call-span.ts";
import type { OpenedContent } from "../opened-content.ts";
import { compareText, isOf } from "../record-order.ts";

/** A call that would have made a commit, as its own agent tells it. */
export interface CommitCall {
  readonly session: string;
  readonly call: string;
  readonly records: readonly string[];
  readonly from: string;
  /** Undefined while no result is known. */
  readonly to: string | undefined;
  /** Revisions that its output names in git's words, whole or abbreviated. */
  readonly named: readonly string[];
}

/** Commands of git after which HEAD may be another commit. */
const committing: ReadonlySet<string> = new Set([
  "am",
  "cherry-pick",
  "commit",
  "merge",
  "pull",
  "rebase",
  "revert",
]);
/** Flags of git itself that take the next word. */
const valueFlags: ReadonlySet<string> = new Set([
  "-C",
  "-c",
  "--exec-path",
  "--git-dir",
  "--namespace",
  "--work-tree",
]);

/** The calls of a session that would have made a commit. `texts` are the arguments and outputs that may be read; where none are, a tool of kind `vcs` counts. */
export function commitCalls(
  session: string,
  records: readonly PlacedRecord[],
  texts: ReadonlyMap<string, readonly OpenedContent[]>,
): readonly CommitCall[] {
  return [...groupByCall(records, session)].flatMap(([call, group]) => {
    const all = group.map(({ record }) => record).filter(({ class: name }) => name !== "link");
    const told = all.filter((record) => isOf(record, "tool_call") || isOf(record, "decision"));
    const read = told.flatMap((record) => {
      const text = textOf(texts, record.id, "arguments");
      return text === undefined ? [] : [callPrograms(record.body.tool, record.body.kind, text)];
    });
    const makes =
      read.length === 0
        ? told.some(({ body }) => body.kind === "vcs")
        : read.some((programs) => programs.some(isCommitting));
    const [span] = callSpans(callMarks(group));
    if (!makes || span === undefined) return [];
    const named = namedRevisions(all.flatMap(({ id }) => texts.get(id) ?? []));
    const ids = all.map(({ id }) => id).sort(compareText);
    return [{ session, call, records: ids, from: span.from, to: span.to, named }];
  });
}

function textOf(
  texts: ReadonlyMap<string, readonly OpenedContent[]>,
  record: string,
  path: string,
): string | undefined {
  return texts.get(record)?.find((one) => one.path === path)?.text;
}

function isCommitting({ program, words }: { program: string; words: readonly string[] }): boolean {
  if (program !== "git") return false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (valueFlags.has(word)) at++;
    else if (!word.startsWith("-")) return committing.has(word);
  }
  return false;
}

const revisionsMax = 64;
const outputUnitsMax = 65_536;
/** `[main 0a1b2c3] Title`, as git answers a commit, or a whole hash, as `git rev-parse HEAD` does after a quiet one. */
const revisionForm =
  /\[[^[\]\r\n]{1,250} ([0-9a-f]{7,40})\]|(?<![0-9a-f])([0-9a-f]{40})(?![0-9a-f])/g;

/** The revisions that outputs among some texts name. */
export function namedRevisions(texts: readonly OpenedContent[]): readonly string[] {
  const outputs = texts.filter(({ path }) => path === "output" || path === "content");
  return [...new Set(outputs.flatMap(({ text }) => revisionsIn(text)))].sort(compareText);
}

function revisionsIn(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, short, whole] of text.slice(0, outputUnitsMax).matchAll(revisionForm)) {
    found.push(short ?? whole ?? "");
    if (found.length >= revisionsMax) break;
  }
  return found;
}

/** Whether an output names a commit; git never abbreviates to fewer than the seven characters the form asks for. */
export function namesCommit({ named }: CommitCall, commit: string): boolean {
  return named.some((one) => commit.startsWith(one));
}
