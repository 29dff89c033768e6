export { type Catalogue, loadCatalogue } from "./catalogue.ts";
export type { Control } from "./control.ts";
export { EvidenceError, type EvidenceErrorCode } from "./errors.ts";
export { type ExportInput, type ExportSummary, exportBundle } from "./export-bundle.ts";
export { defaultOverlay, type Overlay, overlayDigest, parseOverlay } from "./overlay.ts";
export { type Period, periodEdge } from "./period.ts";
export type { PreviousBundle } from "./previous-bundle.ts";
export type { OnProgress, Progress } from "./progress.ts";
export {
  type Anchor,
  type ControlRun,
  type Run,
  type RunInput,
  runControls,
} from "./run-controls.ts";
export type { RunLedger } from "./run-record.ts";
export { zipBytes } from "./zip-writer.ts";
