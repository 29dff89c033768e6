import type { RecordClass, StoreReader } from "@custody/model";
import { blindSpots } from "./blind-spots.ts";
import type { Catalogue } from "./catalogue.ts";
import { type ClassRange, copyClassRange } from "./class-range.ts";
import type { Control } from "./control.ts";
import { findRange, type LedgerRange } from "./ledger-range.ts";
import { limits } from "./limits.ts";
import type { Overlay } from "./overlay.ts";
import { parametersOf, type RunScope } from "./parameters.ts";
import { type ClippedPeriod, clipped, type Period } from "./period.ts";
import { type PeriodFacts, readPeriodFacts } from "./period-facts.ts";
import { exceptionsOf, type Item, readItems } from "./population.ts";
import type { OnProgress } from "./progress.ts";
import { type Result, resultOf } from "./result-rule.ts";
import type { StagedFile } from "./staging.ts";

/** Evidence outside the operator's control that a tree existed: none is made by this version, so none is known unless the caller brings it. */
export type Anchor = Readonly<Record<string, unknown>>;

export interface RunInput {
  readonly reader: StoreReader;
  readonly tenant: string;
  /** The ledger's origin. */
  readonly ledger: string;
  /** Size of the checkpoint that the run is computed at. */
  readonly size: number;
  readonly period: Period;
  readonly now: string;
  readonly catalogue: Catalogue;
  readonly overlay: Overlay;
  readonly anchors: readonly Anchor[];
  /** Takes records while they are checked; absent: they are checked and not kept. */
  readonly keep?: RecordKeeper;
  readonly onProgress?: OnProgress;
}

interface RecordKeeper {
  /** The records of a class between the seals. */
  range(name: RecordClass): StagedFile;
  /** Policies published before the opening seal: they are in force within the range. */
  policies(): StagedFile;
}

export interface ControlRun {
  readonly control: Control;
  readonly params: ReturnType<typeof parametersOf>;
  readonly items: readonly Item[];
  readonly inScope: number;
  readonly exceptions: readonly Item[];
  /** Exception code to how many exceptions carry it; every code of the control. */
  readonly codes: Readonly<Record<string, number>>;
  readonly classRecords: number;
  readonly result: Result;
  /** Reconciliations the control relies on that did not run. */
  readonly notReconciled: readonly string[];
}

export interface Run {
  readonly scope: RunScope;
  readonly period: ClippedPeriod;
  readonly range: LedgerRange;
  readonly classes: readonly ClassRange[];
  readonly facts: PeriodFacts;
  readonly controls: readonly ControlRun[];
  readonly blindSpots: readonly string[];
}

/** Tests every control of the catalogue over one ledger and one period. Nothing is written but the records kept. */
export async function runControls(input: RunInput): Promise<Run> {
  const { reader, tenant, ledger, catalogue, overlay, onProgress } = input;
  const period = clipped(input.period, input.now);
  const range = await findRange(reader, { tenant, ledger, period, size: input.size });
  const { from, closing } = range;
  const toRx = closing.record.rx;
  const classes = await readClasses(input, range);
  const acts = classes.find((each) => each.class === "tool_call")?.rows ?? 0;
  const slices = Math.max(1, Math.ceil(acts / limits.sliceRowsMax));
  const scope: RunScope = { tenant, ledger, period, from, to: closing.leaf, toRx, slices };
  const facts = await readPeriodFacts(reader, catalogue, scope, overlay);
  const controls: ControlRun[] = [];
  // One after another: each is a scan of the range, and the store has one session for such work.
  for (const control of catalogue.tested) {
    onProgress?.({ stage: "controls", done: controls.length, total: catalogue.tested.length });
    const params = parametersOf(control.sql, scope, overlay);
    const items = await readItems(reader, control, params);
    controls.push(judged(control, params, items, classes, facts, input.anchors.length));
  }
  const anchors = input.anchors.length;
  return {
    scope,
    period,
    range,
    classes,
    facts,
    controls,
    blindSpots: blindSpots({ facts, range, period, catalogue, ledger, anchors }),
  };
}

/** Every class a tested control reads, once, in the order of the alphabet. */
async function readClasses(input: RunInput, range: LedgerRange): Promise<readonly ClassRange[]> {
  const { reader, tenant, ledger, catalogue, keep, onProgress } = input;
  const wanted = new Set(
    catalogue.tested.flatMap(({ requires, reads, population }) => [
      ...requires,
      ...reads,
      ...population.classes,
    ]),
  );
  const total = range.closing.leaf - range.from;
  let done = 0;
  const onRows = (count: number): void => {
    done += count;
    onProgress?.({ stage: "records", done, total });
  };
  const found: ClassRange[] = [];
  for (const name of [...wanted].sort()) {
    const place = { tenant, ledger, class: name, onRows };
    const file = keep?.range(name) ?? nowhere;
    const between = await copyClassRange(reader, { ...place, range, file });
    const before = name === "policy" ? await readEarlierPolicies(input, range) : true;
    found.push({ ...between, matchesSeals: between.matchesSeals && before });
  }
  return found;
}

const nowhere: StagedFile = { write: () => undefined };

/** Answers whether the policies from before the range are those that its opening seal commits. */
async function readEarlierPolicies(
  { reader, tenant, ledger, keep }: RunInput,
  { opening }: LedgerRange,
): Promise<boolean> {
  if (opening === undefined) return true;
  const { matchesSeals } = await copyClassRange(reader, {
    tenant,
    ledger,
    class: "policy",
    range: { opening: undefined, closing: opening, from: 0 },
    file: keep?.policies() ?? nowhere,
    onRows: () => undefined,
  });
  return matchesSeals;
}

function judged(
  control: Control,
  params: ControlRun["params"],
  items: readonly Item[],
  classes: readonly ClassRange[],
  facts: PeriodFacts,
  anchors: number,
): ControlRun {
  const of = (names: readonly RecordClass[]): readonly ClassRange[] =>
    classes.filter((range) => names.includes(range.class));
  const exceptions = exceptionsOf(items);
  const inScope = items.filter((item) => item.inScope).length;
  const result = resultOf({
    required: of(control.requires),
    read: of([...control.reads, ...control.population.classes]),
    sessions: facts.coverage.sessions,
    openGaps: facts.openGaps,
    missingRecords: facts.missingRecords,
    longestSilenceMs: facts.longestSilenceMs,
    needsAnchor: control.needs_anchor === true,
    anchors,
    inScope,
    exceptions: exceptions.length,
  });
  const counted = (code: string): number =>
    exceptions.filter(({ codes }) => codes.includes(code)).length;
  return {
    control,
    params,
    items,
    inScope,
    exceptions,
    codes: Object.fromEntries(Object.keys(control.codes).map((code) => [code, counted(code)])),
    classRecords: of(control.population.classes).reduce((sum, { rows }) => sum + rows, 0),
    result,
    notReconciled: control.reconcile.filter((id) => !facts.reconciliations.includes(id)),
  };
}
