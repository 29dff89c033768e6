import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BatchFile,
  type BatchRow,
  canonicalBytes,
  type Disclosure,
  encodeBatch,
} from "@custody/model";
import type { Asked } from "./queries/index.ts";
import type { Store } from "./store.ts";

/** A record as a test writes it: the parts that matter, and what every record has filled in. */
export interface WrittenRecord {
  readonly id: string;
  readonly class: string;
  readonly body: object;
  readonly content?: Readonly<Record<string, string>>;
  readonly claim?: string;
  readonly [member: string]: unknown;
}

export const hostile =
  'it\'s \\ "quoted"\n\nDROP TABLE records;\n\n{tenant:String} -- \u0000 {{batch}} é✓';

/** 32 hex digits that a reader of a test recognises. */
export function id(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** RFC 3339 with nine digits: seconds after ten o'clock on the day. */
export function at(day: string, seconds: number): string {
  const clock = new Date(Date.parse(`${day}T10:00:00Z`) + seconds * 1000).toISOString();
  return `${clock.slice(0, 19)}.${"0".repeat(9)}Z`;
}

/** The disclosure of compliance 1.4, with a salt of its own. */
export function disclosure(path: string, text: string): Disclosure {
  const salt = createHash("sha256").update(`${path}/${text}`).digest("base64url").slice(0, 22);
  const triple = JSON.stringify([salt, path, text]);
  return { path, disclosure: Buffer.from(triple, "utf8").toString("base64url") };
}

export interface WrittenBatch {
  readonly dir: string;
  readonly ledger: string;
  readonly from: number;
  readonly rx: string;
  readonly tenant?: string;
  readonly records: readonly WrittenRecord[];
}

/** Writes a batch file as a ledger does and says where it is. */
export function writeBatch(batch: WrittenBatch): BatchFile {
  const tenant = batch.tenant ?? "acme";
  const rows = batch.records.map((record, index) => row(record, batch, tenant, index));
  const bytes = encodeBatch(batch.ledger, rows);
  const to = batch.from + rows.length;
  mkdirSync(batch.dir, { recursive: true });
  const name = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const path = join(batch.dir, `${pad(batch.from)}-${pad(to)}-${name}.native`);
  writeFileSync(path, bytes);
  return { path, ledger: batch.ledger, tenant, from: batch.from, to, rx: batch.rx };
}

function row(record: WrittenRecord, batch: WrittenBatch, tenant: string, index: number): BatchRow {
  const { content = {}, claim = id(index), ...members } = record;
  const canonical = canonicalBytes({
    v: "custody/1",
    tenant,
    ts: batch.rx,
    rx: batch.rx,
    grade: "reported",
    nonce: "AAAAAAAAAAAAAAAAAAAAAA",
    dialect: { name: "codex", version: "1" },
    src: {
      id: "dev-1",
      epoch: "e1",
      auth: { method: "bearer", kind: "agent", subject: "laptop-1" },
    },
    ...members,
  });
  return {
    leaf: batch.from + index,
    sha: createHash("sha256").update(canonical).digest(),
    id: Buffer.from(record.id, "hex"),
    claim: Buffer.from(claim, "hex"),
    canonical,
    content: Object.entries(content).map(([path, text]) => disclosure(path, text)),
  };
}

/** The story in a store of its own. */
export interface StoredStory {
  readonly store: Store;
  readonly asked: Asked;
  /** Where more batch files may be written. */
  readonly dir: string;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function pad(leaf: number): string {
  return String(leaf).padStart(16, "0");
}
