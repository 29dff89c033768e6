import type { LedgerLookup } from "@custody/ledger";
import type { StoreWriter } from "@custody/model";

export interface FolderRow {
  readonly leaf: number;
  readonly sha: string;
  readonly id: string;
  readonly claim: string;
  readonly text: string;
}
export interface RowFolder extends StoreWriter, Required<LedgerLookup> {
  rows(origin: string): FolderRow[];
  origins(): string[];
}
export function openRowFolder(dir: string, onStep?: (step: string) => void): RowFolder;
