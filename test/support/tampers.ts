import {
  controlPath,
  type FindingCode,
  type Manifest,
  parseResult,
  paths,
  printResult,
  printRow,
  recordsPath,
} from "@custody/verify";
import { type BundleFiles, digestOf, linesOf, putLines, textOf } from "./bundle-files.ts";

/** Changes the files as a careful forger would; answers what the manifest must say then. */
type Forge = (files: BundleFiles) => ((manifest: Manifest) => Manifest) | undefined;

export interface Tamper {
  readonly what: string;
  /** The finding that is this one's own. */
  readonly code: FindingCode;
  readonly forge: Forge;
}

const control = "AT-APR-01";
const records = recordsPath("tool_call");
const population = controlPath(control, "population");

interface Row {
  readonly line: string;
  readonly leaf: number;
  readonly canonical: string;
  readonly sha: string;
}

function rowOf(line: string): Row {
  const { i, c } = JSON.parse(line) as { readonly i: number; readonly c: string };
  return { line, leaf: i, canonical: c, sha: digestOf(Buffer.from(c)) };
}

const rowsOf = (files: BundleFiles): Row[] => linesOf(files, records).map(rowOf);
const print = (leaf: number, canonical: string): string => printRow(leaf, canonical).trimEnd();

/** A row in the middle: named by the population, by no sample. */
function middle(files: BundleFiles): number {
  const drawn = samples(files);
  const rows = rowsOf(files);
  const at = rows.findIndex(
    ({ sha }, index) =>
      index > 0 &&
      index < rows.length - 2 &&
      !drawn.includes(sha) &&
      textOf(files, population).includes(sha),
  );
  if (at < 0) throw new RangeError("the period is too small: every row was drawn");
  return at;
}

const samples = (files: BundleFiles): string =>
  controlPaths(files, "sample.csv")
    .map((path) => textOf(files, path))
    .join("");

/** Whether some sample names the last row: cut off, it is then missing from that sample as well. */
export function isTailDrawn(files: BundleFiles): boolean {
  const last = rowsOf(files).at(-1);
  return last !== undefined && samples(files).includes(last.sha);
}

const controlPaths = (files: BundleFiles, end = ""): string[] =>
  [...files.keys()].filter((path) => path.startsWith("controls/") && path.endsWith(end));

function rename(files: BundleFiles, before: string, after: string): void {
  for (const path of controlPaths(files)) {
    files.set(path, Buffer.from(textOf(files, path).replaceAll(before, after)));
  }
}

/** Strikes every line that names a record, from populations and exceptions. */
function strike(files: BundleFiles, sha: string): void {
  for (const path of [
    ...controlPaths(files, "population.csv"),
    ...controlPaths(files, "exceptions.csv"),
  ]) {
    putLines(
      files,
      path,
      linesOf(files, path).filter((line) => !line.includes(sha)),
    );
  }
}

/** Makes every count say what the files say now. */
function recounted(files: BundleFiles, more: number): (manifest: Manifest) => Manifest {
  const counts = (id: string) => {
    const items = linesOf(files, controlPath(id, "population")).slice(1);
    return {
      population: items.length,
      in_scope: items.filter((item) => /^"\d*","[0-9a-f]*","(?:[^"]|"")*","1"/.test(item)).length,
      exceptions: linesOf(files, controlPath(id, "exceptions")).length - 1,
    };
  };
  return (manifest) => {
    for (const { id, classes } of manifest.controls) {
      const path = controlPath(id, "result");
      const result = parseResult(files.get(path) ?? Buffer.alloc(0));
      const { in_scope, exceptions } = counts(id);
      const class_records =
        result.population.class_records + (classes.includes("tool_call") ? more : 0);
      const told = { ...result.population, in_scope, class_records };
      files.set(path, Buffer.from(printResult({ ...result, population: told, exceptions })));
    }
    return {
      ...manifest,
      grades: { ...manifest.grades, reported: manifest.grades.reported + more },
      controls: manifest.controls.map((each) => ({ ...each, ...counts(each.id) })),
    };
  };
}

/** The eight ways of the issue. Whoever does them holds the bundle key, and mends what can be mended with it. */
export const tampers: readonly Tamper[] = [
  {
    what: "a changed byte",
    code: "ROWS_CHANGED",
    forge(files) {
      const at = middle(files);
      const rows = rowsOf(files);
      const { leaf, canonical, line, sha } = rows[at] as Row;
      const [, status] = /"status":"([a-z]+)"/.exec(canonical) ?? [];
      const other = status === "executed" ? "executeD" : `${status?.slice(0, -1)}X`;
      const changed = canonical.replace(`"status":"${status}"`, `"status":"${other}"`);
      if (changed === canonical) throw new RangeError(line);
      putLines(files, records, linesOf(files, records).with(at, print(leaf, changed)));
      rename(files, sha, digestOf(Buffer.from(changed)));
      return undefined;
    },
  },
  {
    what: "a deleted row",
    code: "ROWS_DELETED",
    forge(files) {
      const at = middle(files);
      const { sha } = rowsOf(files)[at] as Row;
      putLines(files, records, linesOf(files, records).toSpliced(at, 1));
      strike(files, sha);
      return recounted(files, -1);
    },
  },
  {
    what: "an inserted row",
    code: "ROWS_INSERTED",
    forge(files) {
      const rows = rowsOf(files);
      const at = rows.findIndex(
        ({ leaf }, index) => index > 0 && (rows[index + 1]?.leaf ?? 0) > leaf + 1,
      );
      const { leaf, canonical } = rows[at] as Row;
      const invented = canonical.replace(/"id":"[0-9a-f]{2}/, '"id":"00');
      putLines(
        files,
        records,
        linesOf(files, records).toSpliced(at + 1, 0, print(leaf + 1, invented)),
      );
      return recounted(files, 1);
    },
  },
  {
    what: "two rows swapped",
    code: "ROWS_SWAPPED",
    forge(files) {
      const rows = rowsOf(files);
      const at = rows.findIndex(
        ({ canonical }, index) => rxOf(canonical) === rxOf(rows[index + 1]?.canonical ?? ""),
      );
      const [a, b] = [rows[at] as Row, rows[at + 1] as Row];
      const swapped = linesOf(files, records)
        .with(at, print(a.leaf, b.canonical))
        .with(at + 1, print(b.leaf, a.canonical));
      putLines(files, records, swapped);
      for (const path of controlPaths(files, ".csv")) {
        const place = (leaf: number, sha: string): string => `"${leaf}","${sha}"`;
        const text = textOf(files, path)
          .replaceAll(place(a.leaf, a.sha), "A")
          .replaceAll(place(b.leaf, b.sha), place(a.leaf, b.sha))
          .replaceAll("A,", `${place(b.leaf, a.sha)},`);
        files.set(path, Buffer.from(text));
      }
      return undefined;
    },
  },
  {
    what: "a truncated tail",
    code: "ROWS_TRUNCATED",
    forge(files) {
      const { sha } = rowsOf(files).at(-1) as Row;
      putLines(files, records, linesOf(files, records).slice(0, -1));
      strike(files, sha);
      return recounted(files, -1);
    },
  },
  {
    what: "a replaced checkpoint",
    code: "CHECKPOINT_REPLACED",
    forge(files) {
      const older = textOf(files, paths.runCheckpoint);
      files.set(paths.checkpoint, Buffer.from(older));
      const [, size = "", root = ""] = older.split("\n");
      return (manifest) => ({ ...manifest, log: { ...manifest.log, size: Number(size), root } });
    },
  },
  {
    what: "a changed sample",
    code: "SAMPLE_MISMATCH",
    forge(files) {
      const path = controlPath(control, "sample");
      const lines = linesOf(files, path);
      const { leaf, sha } = rowsOf(files)[middle(files)] as Row;
      putLines(files, path, lines.with(1, `"${leaf}","${sha}","random"`));
      return undefined;
    },
  },
  {
    what: "a changed query text",
    code: "RUN_QUERY",
    forge(files) {
      const path = controlPath(control, "query");
      files.set(path, Buffer.from(`${textOf(files, path)}AND 1 = 0\n`));
      const query_sha256 = digestOf(files.get(path) ?? Buffer.alloc(0));
      return (manifest) => ({
        ...manifest,
        controls: manifest.controls.map((each) =>
          each.id === control ? { ...each, query_sha256 } : each,
        ),
      });
    },
  },
];

const rxOf = (canonical: string): string => /"rx":"([^"]+)"/.exec(canonical)?.[1] ?? "none";
