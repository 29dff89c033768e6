export { type BundleReader, readerOfFiles, readText } from "./bundle.ts";
export type { VerifyOptions, VerifyPorts } from "./case.ts";
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
export type { ControlReport, SampleVerdict } from "./control-evidence.ts";
export { printCsvLine } from "./csv.ts";
export { type DrawInput, drawSample } from "./draw.ts";
export {
  type DrawnItem,
  type DrawnSample,
  drawItems,
  printSample,
  type SampleInput,
  sampleColumns,
} from "./drawn-sample.ts";
export { VerifyError, type VerifyErrorCode } from "./errors.ts";
export {
  type Finding,
  type FindingCode,
  findingSentences,
  type Limit,
  type LimitCode,
  limitSentences,
} from "./finding.ts";
export type { PreviousVerdict } from "./growth.ts";
export { type Level, levelReaches, levels } from "./log-signature.ts";
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
export { exceptionColumns, type ItemPlace, populationColumns } from "./population.ts";
export { parsePublicKeyPem, printPublicKeyPem } from "./public-key.ts";
export type { RangeVerdict } from "./ranges.ts";
export { printReport } from "./report-text.ts";
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
export { type Report, verifyBundle } from "./verifier.ts";
export { type InflateRaw, openZip, type ZipPorts } from "./zip.ts";
