export { type BundleReader, readerOfFiles, readText } from "./bundle.ts";
export { type Checksum, parseChecksums, printChecksums } from "./checksums.ts";
export {
  contentDigest,
  parseRunCommitment,
  type RunClass,
  type RunCommitment,
  type RunControl,
  rowSetDigest,
  runSchema,
  type SealPlace,
} from "./commitment.ts";
export { VerifyError, type VerifyErrorCode } from "./errors.ts";
export {
  type Finding,
  type FindingCode,
  findingSentences,
  type Limit,
  type LimitCode,
  limitSentences,
} from "./finding.ts";
export {
  type GradeLine,
  type Manifest,
  type ManifestControl,
  type ManifestFile,
  manifestSchema,
  parseManifest,
  printManifest,
} from "./manifest.ts";
export { controlFiles, controlPath, paths, recordsPath, sealProofPath } from "./paths.ts";
export { parsePublicKeyPem, printPublicKeyPem } from "./public-key.ts";
export {
  type ControlResult,
  parseResult,
  printResult,
  type ResultSample,
  resultSchema,
} from "./result.ts";
export { type ResultState, resultOfCounts, resultStates } from "./result-state.ts";
export { printRow, type RowVisitor, visitRows } from "./row.ts";
export { bundlePredicateType, bundleStatement, statementPayloadType } from "./statement.ts";
export { type InflateRaw, openZip } from "./zip.ts";
