import {
  createSampleRanker,
  hexEncode,
  type Sha256,
  sampleSeed,
  selectSample,
} from "@custody/proof";
import { columnsOf, openCsv, printCsvLine } from "./csv.ts";
import type { ItemPlace } from "./population.ts";

/** Columns every sample.csv has. `random` items come first, in the order of their rank; `judgemental` ones follow. */
export const sampleColumns = ["leaf_index", "record_sha256", "selection"] as const;

export interface SampleInput {
  /** Text of the run checkpoint, without signatures. */
  readonly checkpointBody: string;
  readonly controlId: string;
  readonly auditorSeed: string;
  readonly count: number;
}

export interface DrawnItem {
  readonly leaf: number;
  readonly sha: string;
}

export interface DrawnSample {
  /** Hex. */
  readonly seed: string;
  readonly items: readonly DrawnItem[];
}

/** Hash-rank selection (compliance 3.2) over the items in scope, smallest rank first. */
export function drawItems(
  sha256: Sha256,
  places: readonly ItemPlace[],
  input: SampleInput,
): DrawnSample {
  const seed = sampleSeed(sha256, input);
  const rank = createSampleRanker(sha256, seed);
  const digests = places.map(({ digest }) => digest);
  const items = selectSample(rank, digests, input.count).flatMap(({ position }) => {
    const place = places[position];
    return place === undefined ? [] : [{ leaf: place.leaf, sha: hexEncode(place.digest) }];
  });
  return { seed: hexEncode(seed), items };
}

export function printSample(items: readonly DrawnItem[]): string {
  const lines = items.map(({ leaf, sha }) => printCsvLine([leaf, sha, "random"]));
  return printCsvLine([...sampleColumns]) + lines.join("");
}

export interface SampleFile {
  readonly random: readonly DrawnItem[];
  readonly judgemental: readonly DrawnItem[];
}

export function readSample(file: Uint8Array): SampleFile {
  const table = openCsv(file);
  const at = columnsOf(table, sampleColumns);
  const random: DrawnItem[] = [];
  const judgemental: DrawnItem[] = [];
  table.visit((row) => {
    const item = { leaf: Number(row.text(at.leaf_index)), sha: row.text(at.record_sha256) };
    const chosen = row.text(at.selection) === "random" ? random : judgemental;
    chosen.push(item);
  });
  return { random, judgemental };
}

export const sameItems = (a: readonly DrawnItem[], b: readonly DrawnItem[]): boolean =>
  a.length === b.length && a.every((item, i) => item.leaf === b[i]?.leaf && item.sha === b[i].sha);
