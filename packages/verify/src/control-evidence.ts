import { attempt, type Case, type OpenedBundle, type ProvenLog } from "./case.ts";
import { drawItems, readSample, sameItems } from "./drawn-sample.ts";
import type { ManifestControl } from "./manifest.ts";
import { controlFiles, controlPath } from "./paths.ts";
import { type Population, rangesOf, readExceptions, readPopulation } from "./population.ts";
import type { RangeVerdict } from "./ranges.ts";
import { type ControlResult, parseResult } from "./result.ts";
import { type ResultState, resultOfCounts } from "./result-state.ts";

export type SampleVerdict = "reproduces" | "differs" | "absent";

/** What a verifier can say of one control, as compliance 5.8 wants it printed. */
export interface ControlReport {
  readonly id: string;
  readonly version: string;
  readonly result: ResultState;
  /** Rows of the population's classes · those whose bytes and place hold. */
  readonly rows: number;
  readonly hashesOk: boolean;
  readonly accumulatorOk: boolean;
  readonly items: number;
  readonly inScope: number;
  readonly exceptions: number;
  readonly sample: SampleVerdict;
  /** Counts and marks give the result that is reported. */
  readonly resultRecomputed: boolean;
}

/** Step 8. Populations, exceptions, samples and results say what the rows say. */
export async function checkControls(
  each: Case,
  opened: OpenedBundle,
  log: ProvenLog,
  ranges: ReadonlyMap<string, RangeVerdict>,
): Promise<readonly ControlReport[]> {
  const reports: ControlReport[] = [];
  // In turn: a population may be as large as memory allows, once.
  for (const control of opened.manifest.controls) {
    const report = await checkControl(each, opened, log, ranges, control);
    if (report !== undefined) reports.push(report);
  }
  checkFolders(each, opened);
  return reports;
}

/** A folder of a control that the manifest does not name would be evidence that nobody counted. */
function checkFolders({ bundle, book }: Case, { manifest }: OpenedBundle): void {
  const known = new Set(
    manifest.controls.flatMap(({ id }) =>
      Object.values(controlFiles).map((name) => `controls/${id}/${name}`),
    ),
  );
  for (const path of bundle.paths) {
    if (path.startsWith("controls/") && !known.has(path)) book.add("FILE_EXTRA", path);
  }
}

async function checkControl(
  each: Case,
  opened: OpenedBundle,
  log: ProvenLog,
  ranges: ReadonlyMap<string, RangeVerdict>,
  control: ManifestControl,
): Promise<ControlReport | undefined> {
  const { bundle, book } = each;
  const { id } = control;
  const path = controlPath(id, "population");
  const population = await attempt(book, "CONTROL_FORMAT", path, async () =>
    readPopulation(await bundle.read(path), rangesOf(opened.rows, control.classes)),
  );
  const result = await attempt(book, "CONTROL_FORMAT", controlPath(id, "result"), async () =>
    parseResult(await bundle.read(controlPath(id, "result"))),
  );
  if (population === undefined || result === undefined) return undefined;
  const verdicts = control.classes.flatMap((name) => ranges.get(name) ?? []);
  checkPopulation(each, control, population, verdicts);
  await checkExceptions(each, id, population);
  const rows = verdicts.reduce((total, verdict) => total + verdict.rows, 0);
  return {
    id,
    version: control.version,
    result: control.result,
    rows,
    hashesOk: verdicts.every(({ rowsOk }) => rowsOk),
    accumulatorOk: verdicts.every(({ accumulatorOk }) => accumulatorOk),
    items: population.items,
    inScope: population.inScope,
    exceptions: population.exceptions.length,
    sample: await checkSample(each, id, population, result, log),
    resultRecomputed: checkResult(each, control, population, result, rows),
  };
}

function checkPopulation(
  { book }: Case,
  { id, classes }: ManifestControl,
  population: Population,
  verdicts: readonly RangeVerdict[],
): void {
  const path = controlPath(id, "population");
  for (const stranger of population.strangers) book.add("POPULATION_ROWS", `${path} ${stranger}`);
  for (const name of classes) {
    const covered = verdicts.some((verdict) => verdict.class === name);
    if (!covered) book.add("POPULATION_ROWS", `${path} without records of ${name}`);
  }
  if (population.withoutRecord > 0) {
    book.limit("OUTSIDE_LOG", `${id}: ${population.withoutRecord} items`);
  }
}

async function checkExceptions(
  { bundle, book }: Case,
  id: string,
  { exceptions }: Population,
): Promise<void> {
  const path = controlPath(id, "exceptions");
  const listed = await attempt(book, "CONTROL_FORMAT", path, async () =>
    readExceptions(await bundle.read(path)),
  );
  if (listed === undefined) return;
  const line = (index: number): string => JSON.stringify(listed[index] ?? {});
  const wrong = exceptions.findIndex((exception, i) => JSON.stringify(exception) !== line(i));
  if (wrong >= 0 || listed.length !== exceptions.length) {
    book.add("EXCEPTIONS_MISMATCH", `${path}: ${listed.length} of ${exceptions.length}`);
  }
}

/** The same seed gives the same items, whoever draws; hand-picked ones must at least be items of the population. */
async function checkSample(
  { bundle, book, ports }: Case,
  id: string,
  { sampled }: Population,
  { sample }: ControlResult,
  { runCheckpoint }: ProvenLog,
): Promise<SampleVerdict> {
  const path = controlPath(id, "sample");
  if (!bundle.paths.includes(path)) {
    if (sample !== undefined) book.add("SAMPLE_MISMATCH", path);
    book.limit("SAMPLE_ABSENT", id);
    return "absent";
  }
  const file = await attempt(book, "CONTROL_FORMAT", path, async () =>
    readSample(await bundle.read(path)),
  );
  if (file === undefined || runCheckpoint === undefined) return "differs";
  const { random, judgemental } = file;
  if (sample === undefined && random.length + judgemental.length === 0) {
    book.limit("SAMPLE_ABSENT", id);
    return "absent";
  }
  const reproduced = await attempt(book, "CONTROL_FORMAT", path, () => {
    const drawn = drawItems(ports.sha256, sampled, {
      checkpointBody: runCheckpoint.note.text,
      controlId: id,
      auditorSeed: sample?.auditor_seed ?? "",
      count: sample?.n ?? 0,
    });
    const known = new Set(sampled.map(({ leaf }) => leaf));
    const picked = judgemental.every(({ leaf }) => known.has(leaf));
    return drawn.seed === sample?.seed && sameItems(drawn.items, random) && picked;
  });
  if (reproduced === true) return "reproduces";
  if (reproduced === false) book.add("SAMPLE_MISMATCH", path);
  return "differs";
}

function checkResult(
  { book }: Case,
  control: ManifestControl,
  population: Population,
  result: ControlResult,
  classRecords: number,
): boolean {
  const { id } = control;
  const { items, inScope, exceptions, codes } = population;
  const counted = result.population.class_records === classRecords;
  const countsAgree =
    control.population === items &&
    control.in_scope === inScope &&
    control.exceptions === exceptions.length &&
    result.population.in_scope === inScope &&
    result.exceptions === exceptions.length &&
    sameCodes(codes, result.codes);
  if (!counted || !countsAgree) book.add("POPULATION_COUNTS", id);
  const untested = result.result === "unable_to_test";
  const expected = untested ? "unable_to_test" : resultOfCounts(inScope, exceptions.length);
  const agrees =
    result.control === id &&
    result.control_version === control.version &&
    result.result === control.result &&
    result.result === expected &&
    result.unable_because.length > 0 === untested;
  if (!agrees) book.add("RESULT_MISMATCH", `${id}: ${result.result}, counts say ${expected}`);
  return agrees && countsAgree && counted;
}

function sameCodes(
  counted: ReadonlyMap<string, number>,
  stated: Readonly<Record<string, number>>,
): boolean {
  const entries = Object.entries(stated).filter(([, count]) => count > 0);
  return (
    entries.length === counted.size && entries.every(([code, count]) => counted.get(code) === count)
  );
}
