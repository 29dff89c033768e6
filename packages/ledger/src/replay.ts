import { isRecordClass, type RecordClass } from "@custody/model";
import { LedgerError } from "./errors.ts";
import { draftHead } from "./head.ts";
import type { Mark } from "./high-water.ts";
import type { ReadFile } from "./journal.ts";
import { type Members, parseMembers } from "./json-file.ts";
import type { Tip } from "./tip.ts";

/** Applies a batch file as the commit that wrote it did. */
export function replayFile(tip: Tip, { file, rows }: ReadFile): void {
  const head = draftHead(tip.head, file.rx);
  const marks: Mark[] = [];
  let sealed = false;
  for (const row of rows) {
    const record = parseMembers(Buffer.from(row.canonical).toString("utf8"));
    const name = classOf(record);
    const mark = markOf(record);
    if (mark !== undefined) marks.push(mark);
    head.append({ class: name, sha: row.sha, isGap: isGap(name, record) });
    sealed = name === "seal";
  }
  tip.apply({ rows, marks, head: head.done(), sealed });
}

function classOf(record: Members): RecordClass {
  const name = record.text("class");
  if (isRecordClass(name)) return name;
  throw new LedgerError("FOLDER_FORMAT", "the journal holds a record of no known class");
}

function isGap(name: RecordClass, record: Members): boolean {
  return name === "integrity" && record.object("body").text("kind") === "gap";
}

function markOf(record: Members): Mark | undefined {
  const source = record.object("src");
  const sequence = source.entries().find(([name]) => name === "seq");
  if (sequence === undefined) return undefined;
  return { id: source.text("id"), epoch: source.text("epoch"), seq: source.integer("seq") };
}
