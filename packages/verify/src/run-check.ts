import { base64Encode, hexEncode } from "@custody/proof";
import type { Case, OpenedBundle, ProvenLog } from "./case.ts";
import { contentDigest, type RunCommitment, type RunControl } from "./commitment.ts";
import type { FindingCode } from "./finding.ts";
import type { ManifestControl } from "./manifest.ts";
import { type ControlFile, controlPath } from "./paths.ts";
import type { PlacedSeal } from "./seal.ts";

/**
 * Step 9. The bundle is the one whose content the run committed to the log. Whoever holds the bundle key can rebuild and
 * sign every file; what stands here was a leaf before the bundle was made.
 */
export function checkRunCommitment(
  each: Case,
  opened: OpenedBundle,
  log: ProvenLog,
  bundleKey: Uint8Array | undefined,
): void {
  const { run } = log;
  if (run === undefined) return;
  checkIdentity(each, opened, run);
  checkPlaces(each, log, run);
  checkRunClasses(each, opened, run);
  checkRunControls(each, opened, run);
  const { book, ports } = each;
  const files = [...opened.digests].map(([path, sha256]) => ({ path, sha256 }));
  if (contentDigest(ports.sha256, files) !== run.content_sha256) book.add("RUN_CONTENT", "");
  // Where the signature did not verify there is no key to compare; that is a finding of its own.
  if (bundleKey !== undefined && hexEncode(ports.sha256(bundleKey)) !== run.bundle_key_sha256) {
    book.add("BUNDLE_KEY_UNCOMMITTED", "");
  }
}

function checkIdentity({ book }: Case, { manifest }: OpenedBundle, run: RunCommitment): void {
  const { period, catalogue } = manifest;
  const facts: readonly (readonly [string, string, string])[] = [
    ["bundle_id", manifest.bundle_id, run.bundle_id],
    ["period.start", period.start, run.period.start],
    ["period.end", period.end, run.period.end],
    ["catalogue.id", catalogue.id, run.catalogue.id],
    ["catalogue.version", catalogue.version, run.catalogue.version],
    ["catalogue.sha256", catalogue.sha256, run.catalogue.sha256],
  ];
  for (const [name, said, committed] of facts) {
    if (said !== committed) book.add("RUN_BUNDLE", name);
  }
}

function checkPlaces({ book }: Case, log: ProvenLog, { checkpoint, seals }: RunCommitment): void {
  const at = log.runCheckpoint?.checkpoint;
  const sameCheckpoint =
    at === undefined ||
    (at.origin === checkpoint.origin &&
      at.size === checkpoint.size &&
      base64Encode(at.root) === checkpoint.root);
  if (!sameCheckpoint) book.add("RUN_CHECKPOINT", `size ${checkpoint.size}`);
  if (log.seals === undefined) return;
  const same = (seal: PlacedSeal | undefined, place: typeof seals.from): boolean =>
    seal?.leaf === place?.leaf && seal?.sha === place?.record_sha256;
  if (!same(log.seals.from, seals.from) || !same(log.seals.to, seals.to)) book.add("RUN_SEALS", "");
  // The run read only what its checkpoint covers, so the closing seal must be under it.
  if (seals.to.leaf >= checkpoint.size) book.add("RUN_SEALS", "closing seal past the checkpoint");
}

/** Which rows a range holds is proven by its accumulator; here stands that it is the range the run read. */
function checkRunClasses({ book }: Case, { rows }: OpenedBundle, run: RunCommitment): void {
  const committed = new Set(run.classes.map((entry) => entry.class));
  for (const name of rows.keys()) if (!committed.has(name)) book.add("RUN_CLASSES", name);
  for (const entry of run.classes) {
    const range = rows.get(entry.class);
    if (range === undefined) continue;
    const first = range.count === 0 ? undefined : range.leaf(0);
    const last = range.count === 0 ? undefined : range.leaf(range.count - 1);
    const same = range.count === entry.rows && first === entry.first && last === entry.last;
    if (!same) book.add("RUN_CLASSES", entry.class);
  }
}

const committedFiles: readonly (readonly [ControlFile, keyof RunControl, FindingCode])[] = [
  ["control", "control_sha256", "RUN_CONTROL"],
  ["query", "query_sha256", "RUN_QUERY"],
  ["params", "params_sha256", "RUN_PARAMS"],
  ["population", "population_sha256", "RUN_POPULATION"],
  ["exceptions", "exceptions_sha256", "RUN_EXCEPTIONS"],
  ["sample", "sample_sha256", "RUN_SAMPLE"],
  ["result", "result_sha256", "RUN_RESULT"],
];

function checkRunControls({ book }: Case, opened: OpenedBundle, run: RunCommitment): void {
  const { controls } = opened.manifest;
  const ids = (list: readonly { readonly id: string }[]): string =>
    list
      .map(({ id }) => id)
      .sort()
      .join(" ");
  if (ids(controls) !== ids(run.controls)) book.add("RUN_CONTROLS", ids(run.controls));
  for (const control of controls) {
    const committed = run.controls.find(({ id }) => id === control.id);
    if (committed === undefined) continue;
    for (const [file, member, code] of committedFiles) {
      const path = controlPath(control.id, file);
      if (opened.digests.get(path) !== committed[member]) book.add(code, path);
    }
    if (!sameCounts(control, committed)) book.add("RUN_COUNTS", control.id);
    if (control.query_sha256 !== committed.query_sha256) book.add("RUN_QUERY", control.id);
  }
}

const sameCounts = (said: ManifestControl, committed: RunControl): boolean =>
  said.version === committed.version &&
  said.population === committed.population &&
  said.in_scope === committed.in_scope &&
  said.exceptions === committed.exceptions &&
  said.result === committed.result;
