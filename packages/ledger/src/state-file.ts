import { isRecordClass, type RecordClass } from "@custody/model";
import { bytesOfHex, hexOf } from "./digest.ts";
import { replaceFile } from "./durable-file.ts";
import { LedgerError } from "./errors.ts";
import type { Head } from "./head.ts";
import { type Members, readJson } from "./json-file.ts";
import type { TreeHead } from "./receipts.ts";

/**
 * A ledger at its newest sealed size, and the newest tree head that may have been signed. Written, and on the disk, before the
 * signer is asked: whatever became of the signature, no other root is ever signed for that size (compliance 6.5).
 */
export interface LedgerState {
  readonly head: Head;
  readonly signed: TreeHead | undefined;
}

/** Atomic and durable when it resolves. */
export async function writeState(path: string, origin: string, state: LedgerState): Promise<void> {
  const { head, signed } = state;
  const text = JSON.stringify({
    v: 1,
    origin,
    size: head.size,
    counts: Object.fromEntries(head.counts),
    acc: Object.fromEntries([...head.acc].map(([name, value]) => [name, hexOf(value)])),
    gaps: head.gaps,
    seal: head.seal ?? null,
    rx: head.rx ?? null,
    signed: signed === undefined ? null : { size: signed.size, root: hexOf(signed.root) },
  });
  await replaceFile(path, `${text}\n`);
}

/** Undefined where there is none; throws FOLDER_FORMAT where it is damaged or another ledger's. */
export async function readState(path: string, origin: string): Promise<LedgerState | undefined> {
  const file = await readJson(path);
  if (file === undefined) return undefined;
  if (file.text("origin") !== origin) {
    throw new LedgerError("FOLDER_FORMAT", "the state belongs to another ledger");
  }
  const signed = file.optionalObject("signed");
  return {
    head: readHead(file, file.integer("size")),
    signed: signed && { size: signed.integer("size"), root: digest(signed.text("root")) },
  };
}

function readHead(file: Members, size: number): Head {
  const seal = file.optionalObject("seal");
  return {
    size,
    counts: byClass(file.object("counts"), (value) => Number(value)),
    acc: byClass(file.object("acc"), (value) => digest(String(value))),
    gaps: file.integer("gaps"),
    seal: seal && { leaf: seal.integer("leaf"), sha: seal.text("sha"), rx: seal.text("rx") },
    rx: file.optionalText("rx"),
  };
}

/** The head that a seal commits: how a lost state is rebuilt. */
export function headOfSeal(
  body: Members,
  seal: { readonly leaf: number; readonly sha: string; readonly rx: string },
): Head {
  return {
    size: seal.leaf + 1,
    counts: byClass(body.object("counts"), (value) => Number(value)),
    acc: byClass(body.object("acc"), (value) => digest(String(value))),
    gaps: body.integer("gaps"),
    seal,
    rx: seal.rx,
  };
}

function byClass<T>(file: Members, parse: (value: unknown) => T): Map<RecordClass, T> {
  const parsed = new Map<RecordClass, T>();
  for (const [name, value] of file.entries()) {
    if (!isRecordClass(name)) throw new LedgerError("FOLDER_FORMAT", "no such record class");
    parsed.set(name, parse(value));
  }
  return parsed;
}

function digest(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new LedgerError("FOLDER_FORMAT", "not a SHA-256 digest");
  return bytesOfHex(hex);
}
