import type { BundleReader } from "./bundle.ts";
import { checkBundleSignature } from "./bundle-signature.ts";
import { openCase, type ProvenLog, type VerifyOptions, type VerifyPorts } from "./case.ts";
import { checkContainer } from "./container.ts";
import { type ControlReport, checkControls } from "./control-evidence.ts";
import type { Finding, Limit } from "./finding.ts";
import { checkGrowth, type PreviousVerdict } from "./growth.ts";
import { checkLogSignature, type Level } from "./log-signature.ts";
import type { Manifest } from "./manifest.ts";
import { checkRanges, type RangeVerdict } from "./ranges.ts";
import { checkRunCommitment } from "./run-check.ts";
import { checkRunRecord } from "./run-record.ts";
import { checkSeals } from "./seals.ts";

/** What came out. It says what holds and what does not; whether that is enough is for the reader to say. */
export interface Report {
  /** `failed` as soon as there is one finding. */
  readonly level: Level;
  readonly findings: readonly Finding[];
  /** What could not be checked. */
  readonly limits: readonly Limit[];
  readonly controls: readonly ControlReport[];
  readonly ranges: readonly RangeVerdict[];
  readonly previous: PreviousVerdict;
  /** What the bundle says of itself; absent when its manifest cannot be read. */
  readonly manifest?: Manifest;
}

/** Checks a bundle alone and offline, in the order in which an auditor would ask. It runs nothing that is in the bundle. */
export async function verifyBundle(
  bundle: BundleReader,
  ports: VerifyPorts,
  options: VerifyOptions = {},
): Promise<Report> {
  const each = openCase(bundle, ports, options);
  const { book } = each;
  const opened = await checkContainer(each);
  if (opened === undefined) {
    return { ...failed, findings: book.findings(), limits: book.limits() };
  }
  const bundleKey = await checkBundleSignature(each, opened);
  const log = await checkLogSignature(each, opened);
  if (log === undefined) {
    return {
      ...failed,
      findings: book.findings(),
      limits: book.limits(),
      manifest: opened.manifest,
    };
  }
  const previous = await checkGrowth(each, opened, log);
  const run = await checkRunRecord(each, opened, log);
  const seals = await checkSeals(each, opened, log);
  const proven: ProvenLog = { ...log, run, seals };
  const ranges = checkRanges(each, opened, seals, run);
  const controls = await checkControls(each, opened, proven, ranges);
  checkRunCommitment(each, opened, proven, bundleKey);
  book.limit("ATTRIBUTES");
  book.limit("SOURCE");
  const findings = book.findings();
  return {
    level: findings.length > 0 ? "failed" : log.level,
    findings,
    limits: book.limits(),
    controls,
    ranges: [...ranges.values()],
    previous,
    manifest: opened.manifest,
  };
}

const failed = { level: "failed", controls: [], ranges: [], previous: "absent" } as const;
