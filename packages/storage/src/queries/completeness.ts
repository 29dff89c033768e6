import type { SourceGroup } from "@custody/context";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type Window, windowOf } from "./ask.ts";

export interface DropRow {
  readonly subject: string;
  readonly agent: string;
  readonly dropped: number;
}

export interface LedgerRow {
  readonly origin: string;
  readonly leaves: number;
  readonly seals: number;
  readonly firstLeaf: number;
  readonly lastLeaf: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface SeenRow {
  readonly name: string;
  readonly things: number;
  readonly lastAt: string;
}

/** `cut`: there are more. */
export async function sourceRows(
  asked: Asked,
  window: Window,
): Promise<{ readonly rows: readonly SourceGroup[]; readonly cut: boolean }> {
  const limit = storageLimits.sourcesMax;
  const rows = await ask(asked, "completeness-sources", { ...windowOf(window), limit });
  return {
    cut: rows.length >= limit,
    rows: rows.map((row) => ({
      kind: String(row["auth_kind"]),
      subject: String(row["subject"]),
      agent: String(row["agent"]),
      version: String(row["agent_version"]),
      firstAt: String(row["first_text"]),
      lastAt: String(row["last_text"]),
      records: Number(row["told"]),
      sessions: Number(row["sessions"]),
      opaque: Number(row["opaque"]),
      misdated: Number(row["misdated"]),
      numbered: Number(row["numbered"]),
      offsetMs: Number(row["offset_ms"]),
    })),
  };
}

/** What sources say that they dropped. */
export async function dropRows(asked: Asked, window: Window): Promise<readonly DropRow[]> {
  const limit = storageLimits.sourcesMax;
  const rows = await ask(asked, "completeness-drops", { ...windowOf(window), limit });
  return rows.map((row) => ({
    subject: String(row["subject"]),
    agent: String(row["agent"]),
    dropped: Number(row["dropped"]),
  }));
}

/** Each ledger's part of a window. */
export async function ledgerRows(asked: Asked, window: Window): Promise<readonly LedgerRow[]> {
  const rows = await ask(asked, "completeness-ledgers", windowOf(window));
  return rows.map((row) => ({
    origin: String(row["ledger"]),
    leaves: Number(row["leaves"]),
    seals: Number(row["seals"]),
    firstLeaf: Number(row["first_leaf"]),
    lastLeaf: Number(row["last_leaf"]),
    firstAt: String(row["first_text"]),
    lastAt: String(row["last_text"]),
  }));
}

/** What observers saw of machines and sandboxes of these names. */
export async function seenElsewhere(
  asked: Asked,
  names: readonly string[],
  window: Window,
): Promise<readonly SeenRow[]> {
  if (names.length === 0) return [];
  const some = names.slice(0, storageLimits.listItemsMax);
  const rows = await ask(asked, "seen-elsewhere", { ...windowOf(window), names: some });
  return rows.map((row) => ({
    name: String(row["name_seen"]),
    things: Number(row["things"]),
    lastAt: String(row["last_text"]),
  }));
}
