import {
  createTileProver,
  ProofError,
  parseEntryBundle,
  parseTilePath,
  printEntryBundle,
  printTlogProof,
  type Tile,
  type TileProver,
  tileWidthAt,
  utf8Decode,
} from "@custody/proof";
import { type CataloguedLedger, listLedgers } from "./catalogue.ts";
import {
  checkpointAt,
  checkpointSizes,
  latestCheckpoint,
  type PublishedCheckpoint,
} from "./checkpoint-files.ts";
import { treeHasher } from "./digest.ts";
import { endOfName, journalNames } from "./journal.ts";
import { createTileFiles, readTile } from "./tile-files.ts";

export interface LedgerEntry {
  readonly tenant: string;
  readonly origin: string;
  /** Verifies its checkpoints, in C2SP vkey form. */
  readonly vkey: string;
  /** False: another ledger of the tenant follows it. */
  readonly current: boolean;
}

export interface ReaderStatus {
  /** Journalled leaves. */
  readonly size: number;
  /** Leaves under the newest checkpoint. */
  readonly published: number;
}

export type TileAnswer =
  | { readonly outcome: "found"; readonly bytes: Uint8Array }
  | { readonly outcome: "not_found" }
  | { readonly outcome: "bad_path" };

export type ProofAnswer =
  | { readonly outcome: "proved"; readonly text: string }
  /** The leaf is not under a checkpoint yet: ask again in a moment. */
  | { readonly outcome: "not_published"; readonly published: number }
  | { readonly outcome: "not_found" };

export type ConsistencyAnswer =
  | { readonly outcome: "proved"; readonly hashes: readonly Uint8Array[] }
  | { readonly outcome: "not_published"; readonly published: number }
  | { readonly outcome: "not_found" };

/** What anybody may read of the ledgers, from the data folder alone. Nothing here writes, or needs the writer to run. */
export interface LedgerReader {
  origins(tenant?: string): Promise<readonly LedgerEntry[]>;
  status(origin: string): Promise<ReaderStatus | undefined>;
  /** The newest signed note. */
  checkpoint(origin: string): Promise<string | undefined>;
  checkpointAt(origin: string, size: number): Promise<string | undefined>;
  /** Sizes with a checkpoint, ascending. */
  checkpointSizes(origin: string): Promise<readonly number[]>;
  /** `path` is `tile/…` as C2SP tlog-tiles spells it; it is hostile. Only tiles of the published tree are found. */
  tile(origin: string, path: string): Promise<TileAnswer>;
  /** C2SP tlog-proof of a leaf under the newest checkpoint. */
  proof(origin: string, leaf: number): Promise<ProofAnswer>;
  /** RFC 6962 consistency proof between two published sizes. */
  consistency(origin: string, fromSize: number, toSize: number): Promise<ConsistencyAnswer>;
}

export function openLedgerReader(dir: string): LedgerReader {
  let known = new Map<string, CataloguedLedger>();

  const all = async (): Promise<readonly CataloguedLedger[]> => {
    const ledgers = await listLedgers(dir);
    known = new Map(ledgers.map((ledger) => [ledger.identity.origin, ledger]));
    return ledgers;
  };
  const find = async (origin: string): Promise<CataloguedLedger | undefined> => {
    if (!known.has(origin)) await all();
    return known.get(origin);
  };
  const newest = async (origin: string): Promise<PublishedCheckpoint | undefined> => {
    const ledger = await find(origin);
    return ledger && latestCheckpoint(ledger.layout);
  };

  return {
    origins: async (tenant) =>
      (await all())
        .filter((ledger) => tenant === undefined || ledger.tenant === tenant)
        .map(({ tenant: owner, identity, current }) => {
          return { tenant: owner, origin: identity.origin, vkey: identity.vkey, current };
        }),
    async status(origin) {
      const ledger = await find(origin);
      if (ledger === undefined) return undefined;
      const published = (await newest(origin))?.checkpoint.size ?? 0;
      const ends = (await journalNames(ledger.layout.journal)).map(endOfName);
      return { size: Math.max(published, ...ends), published };
    },
    checkpoint: async (origin) => textOf(await newest(origin)),
    async checkpointAt(origin, size) {
      const ledger = await find(origin);
      const isSize = Number.isSafeInteger(size) && size >= 0;
      return ledger && isSize ? textOf(await checkpointAt(ledger.layout, size)) : undefined;
    },
    async checkpointSizes(origin) {
      const ledger = await find(origin);
      return ledger === undefined ? [] : checkpointSizes(ledger.layout);
    },
    async tile(origin, path) {
      const tile = parsePath(path);
      if (tile === undefined) return { outcome: "bad_path" };
      const [ledger, published] = [await find(origin), await newest(origin)];
      if (ledger === undefined || published === undefined) return { outcome: "not_found" };
      return readPublished(ledger.layout.folder, tile, published.checkpoint.size);
    },
    async proof(origin, leaf) {
      const [ledger, published] = [await find(origin), await newest(origin)];
      if (ledger === undefined || !isCount(leaf)) return { outcome: "not_found" };
      const size = published?.checkpoint.size ?? 0;
      if (published === undefined || leaf >= size) {
        return { outcome: "not_published", published: size };
      }
      const hashes = await prover(ledger).inclusion(leaf, size);
      const text = printTlogProof({ index: leaf, hashes, checkpoint: published.note });
      return { outcome: "proved", text };
    },
    async consistency(origin, fromSize, toSize) {
      const [ledger, published] = [await find(origin), await newest(origin)];
      const ordered = isCount(fromSize) && isCount(toSize) && fromSize <= toSize;
      if (ledger === undefined || !ordered) return { outcome: "not_found" };
      const size = published?.checkpoint.size ?? 0;
      if (toSize > size) return { outcome: "not_published", published: size };
      return { outcome: "proved", hashes: await prover(ledger).consistency(fromSize, toSize) };
    },
  };
}

function prover({ layout }: CataloguedLedger): TileProver {
  return createTileProver(treeHasher, createTileFiles(layout.folder));
}

function textOf(checkpoint: PublishedCheckpoint | undefined): string | undefined {
  return checkpoint && utf8Decode(checkpoint.note);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function parsePath(path: string): Tile | undefined {
  try {
    return parseTilePath(path);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

/** Cuts a full tile down where a partial one was asked for that has since been deleted. */
async function readPublished(folder: string, tile: Tile, size: number): Promise<TileAnswer> {
  const level = tile.level === "entries" ? 0 : tile.level;
  if (tile.width > tileWidthAt(level, tile.index, size)) return { outcome: "not_found" };
  const bytes = await readTile(folder, tile);
  if (bytes === undefined) return { outcome: "not_found" };
  if (tile.level !== "entries") {
    return { outcome: "found", bytes: bytes.subarray(0, tile.width * 32) };
  }
  const entries = parseEntryBundle(bytes).slice(0, tile.width);
  return { outcome: "found", bytes: printEntryBundle(entries) };
}
