import { canonicalText } from "@custody/model";
import { hexDecode } from "@custody/proof";
import {
  type ControlResult,
  controlPath,
  type DrawnSample,
  drawItems,
  exceptionColumns,
  printCsvLine,
  printResult,
  printSample,
  resultSchema,
} from "@custody/verify";
import type { Catalogue } from "./catalogue.ts";
import type { Control } from "./control.ts";
import { sha256, sha256Hex } from "./digest.ts";
import { narrativePage } from "./narrative.ts";
import { type Overlay, overlayDigest } from "./overlay.ts";
import type { Item } from "./population.ts";
import type { ControlRun, Run } from "./run-controls.ts";
import { sampleSize } from "./sample-size.ts";
import type { Staging } from "./staging.ts";

export interface ControlFilesInput {
  readonly staging: Staging;
  readonly run: Run;
  readonly catalogue: Catalogue;
  readonly overlay: Overlay;
  /** The three lines of the checkpoint the run was computed at. */
  readonly checkpointBody: string;
  /** Chosen by the exporter, and labelled so. */
  readonly seed: string;
  readonly anchors: number;
}

/** What was drawn for one control: its proofs go into the bundle. */
export interface WrittenControl {
  readonly run: ControlRun;
  readonly drawn: DrawnSample;
}

export function writeControl(input: ControlFilesInput, control: ControlRun): WrittenControl {
  const { staging, run, overlay } = input;
  const { id, yaml, sql } = control.control;
  const drawn = drawItems(sha256, sampled(control.items), {
    checkpointBody: input.checkpointBody,
    controlId: id,
    auditorSeed: input.seed,
    count: sampleSize(control.control, control.inScope),
  });
  staging.put(controlPath(id, "control"), yaml);
  staging.put(controlPath(id, "query"), sql);
  staging.put(controlPath(id, "params"), `${canonicalText(control.params)}\n`);
  staging.put(controlPath(id, "population"), printPopulation(control));
  staging.put(controlPath(id, "exceptions"), printExceptions(control.exceptions));
  staging.put(controlPath(id, "sample"), printSample(drawn.items));
  staging.put(controlPath(id, "result"), printResult(resultFile(input, control, drawn)));
  staging.put(
    controlPath(id, "narrative"),
    narrativePage({
      run,
      control,
      overlay,
      catalogue: input.catalogue,
      drawn,
      anchors: input.anchors,
    }),
  );
  return { run: control, drawn };
}

/** Items in scope that stand for a record, as a verifier finds them again. */
function sampled(items: readonly Item[]): { leaf: number; digest: Uint8Array }[] {
  return items.flatMap(({ place, inScope }) =>
    place === undefined || !inScope ? [] : [{ leaf: place.leaf, digest: hexDecode(place.sha) }],
  );
}

/** Agents' words stand in these cells: every one is quoted, and none starts like a formula. */
function printPopulation({ control, items }: ControlRun): string {
  const head = populationHead(control);
  return [head, ...items.map((item) => populationLine(item))].join("");
}

function populationHead({ columns, attributes }: Control): string {
  const letters = Object.keys(attributes).map((letter) => `attr_${letter}`);
  return printCsvLine([
    ...["leaf_index", "record_sha256", "in_scope", "item", "at", "rx"],
    ...columns,
    ...letters,
    "exception_codes",
  ]);
}

function populationLine({
  place,
  inScope,
  item,
  at,
  rx,
  columns,
  attributes,
  codes,
}: Item): string {
  return printCsvLine([
    place?.leaf ?? "",
    place?.sha ?? "",
    inScope ? 1 : 0,
    item,
    at,
    rx,
    ...columns,
    ...attributes.map((holds) => (holds ? 1 : 0)),
    codes.join(" "),
  ]);
}

function printExceptions(exceptions: readonly Item[]): string {
  const lines = exceptions.map(({ place, item, codes }) =>
    printCsvLine([place?.leaf ?? "", place?.sha ?? "", item, codes.join(" ")]),
  );
  return [printCsvLine([...exceptionColumns]), ...lines].join("");
}

/** What `verify` reads, and beside it what a person asks next. */
interface PrintedResult extends ControlResult {
  readonly overlay_sha256: string;
  readonly period: { readonly start: string; readonly end: string; readonly interim: boolean };
  readonly leaf_range: readonly number[];
  readonly scope_limitation: boolean;
  readonly open_gaps: number;
  readonly not_reconciled: readonly string[];
  readonly sampled_by: "exporter";
  readonly run: {
    readonly sql_sha256: string;
    readonly settings: Readonly<Record<string, number>>;
  };
}

function resultFile(
  { run, catalogue, overlay, seed }: ControlFilesInput,
  control: ControlRun,
  drawn: DrawnSample,
): PrintedResult {
  const { start, end, interim } = run.period;
  const { id, version, population, sql } = control.control;
  return {
    schema: resultSchema,
    control: id,
    control_version: version,
    catalogue_sha256: catalogue.digest,
    overlay_sha256: overlayDigest(overlay),
    period: { start, end, interim },
    leaf_range: [run.scope.from, run.scope.to],
    population: {
      classes: population.classes,
      class_records: control.classRecords,
      in_scope: control.inScope,
    },
    exceptions: control.exceptions.length,
    codes: control.codes,
    scope_limitation: control.result.scopeLimitation,
    open_gaps: run.facts.openGaps,
    not_reconciled: control.notReconciled,
    sample: { n: drawn.items.length, method: "hash-rank/1", auditor_seed: seed, seed: drawn.seed },
    sampled_by: "exporter",
    result: control.result.state,
    unable_because: control.result.unableBecause,
    run: { sql_sha256: sha256Hex(sql), settings: { join_use_nulls: 0 } },
  };
}
