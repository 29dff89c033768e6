import type { RecordClass } from "@custody/model";

/** Where everything lies in a bundle. All names are ours; none is ever made from what an agent said. */
export const paths = {
  readme: "README.txt",
  manifest: "manifest.json",
  checksums: "SHA256SUMS",
  envelope: "signatures/manifest.dsse.json",
  runProof: "signatures/run.tlog-proof",
  logKeys: "signatures/keys/log.vkey",
  bundleKey: "signatures/keys/bundle.pub.pem",
  checkpoint: "log/checkpoint",
  runCheckpoint: "log/run-checkpoint",
  /** Growth from the run checkpoint to the checkpoint. */
  consistency: "log/consistency.txt",
  /** Growth from the previous bundle's checkpoint; present when the manifest names one. */
  previousConsistency: "log/previous-consistency.txt",
  seals: "log/seals.jsonl",
  run: "log/run.jsonl",
} as const;

export const recordsPath = (name: RecordClass): string => `records/${name}.jsonl`;
export const sealProofPath = (recordSha256: string): string =>
  `log/proofs/${recordSha256}.tlog-proof`;

/** The files of one control. `narrative.html` is for people and holds nothing that a verifier reads. */
export const controlFiles = {
  control: "control.yaml",
  query: "query.sql",
  params: "params.json",
  population: "population.csv",
  exceptions: "exceptions.csv",
  sample: "sample.csv",
  result: "result.json",
  narrative: "narrative.html",
} as const;
export type ControlFile = keyof typeof controlFiles;

export const controlPath = (controlId: string, file: ControlFile): string =>
  `controls/${controlId}/${controlFiles[file]}`;

/** What the run record commits as a whole: it is written before the log and signature parts exist. */
export const isCommittedContent = (path: string): boolean =>
  path.startsWith("controls/") || path.startsWith("records/");

/** Outside the manifest's file list, because they are made from it. */
export const isOutsideManifest = (path: string): boolean =>
  path === paths.manifest || path === paths.checksums || path.startsWith("signatures/");

const segment = "[A-Za-z0-9_][A-Za-z0-9_.-]*";
const pathShape = new RegExp(`^${segment}(?:/${segment})*$`);

/** Plain ASCII, no empty, hidden, `.` or `..` segment, no drive, no backslash: safe to print and to extract. */
export const isBundlePath = (path: string, charsMax: number): boolean =>
  path.length <= charsMax && pathShape.test(path);
