import type { RecordClass } from "@custody/model";
import { compareBytes, concatBytes, hexEncode, type Sha256, utf8Encode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { parseClasses, parseControlId } from "./manifest.ts";
import { isCommittedContent } from "./paths.ts";
import { parseResultState, type ResultState } from "./result-state.ts";
import { type Shape, shapeOf } from "./shape.ts";

export const runSchema = "custody-run/1";

export interface SealPlace {
  readonly leaf: number;
  readonly record_sha256: string;
}

/** One exported class range. `first`, `last` and `set_sha256` let a verifier say how a range was altered, not only that it was. */
export interface RunClass {
  readonly class: RecordClass;
  readonly rows: number;
  /** Leaves of the first and last row; absent when there are none. */
  readonly first?: number;
  readonly last?: number;
  readonly set_sha256: string;
}

export interface RunControl {
  readonly id: string;
  readonly version: string;
  readonly control_sha256: string;
  readonly query_sha256: string;
  readonly params_sha256: string;
  readonly population_sha256: string;
  readonly exceptions_sha256: string;
  /** Absent where no sample was drawn at export. */
  readonly sample_sha256?: string;
  readonly result_sha256: string;
  readonly population: number;
  readonly in_scope: number;
  readonly exceptions: number;
  readonly result: ResultState;
}

/**
 * What one run of controls found, committed to the ledger before the bundle is signed: the `detail` of an
 * `integrity` record of kind `run`. A bundle rebuilt and signed again by whoever holds the bundle key differs from it,
 * and they cannot change a leaf.
 */
export interface RunCommitment {
  readonly schema: typeof runSchema;
  readonly bundle_id: string;
  /** SHA-256 of the 32-byte public bundle key: whoever trusts the log thereby knows who may sign the bundle. */
  readonly bundle_key_sha256: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly catalogue: { readonly id: string; readonly version: string; readonly sha256: string };
  /** The checkpoint the run read up to, and that seeds samples. */
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly seals: { readonly from?: SealPlace; readonly to: SealPlace };
  readonly classes: readonly RunClass[];
  readonly controls: readonly RunControl[];
  /** Over every file under controls/ and records/: see `contentDigest`. */
  readonly content_sha256: string;
}

/** SHA-256 over the `sha256sum` lines of the committed files, sorted by path. */
export function contentDigest(
  sha256: Sha256,
  files: readonly { readonly path: string; readonly sha256: string }[],
): string {
  const lines = files
    .filter(({ path }) => isCommittedContent(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => `${file.sha256}  ${file.path}\n`);
  return hexEncode(sha256(utf8Encode(lines.join(""))));
}

/** SHA-256 over the record digests in byte order: the same rows in another order have the same digest. */
export function rowSetDigest(sha256: Sha256, digests: readonly Uint8Array[]): string {
  return hexEncode(sha256(concatBytes([...digests].sort(compareBytes))));
}

export function parseRunCommitment(value: unknown): RunCommitment {
  const shape = shapeOf(value, "run");
  if (shape.text("schema") !== runSchema) {
    throw new VerifyError("SHAPE", `run.schema is not ${runSchema}`);
  }
  const { period, catalogue, checkpoint, seals } = {
    period: shape.object("period"),
    catalogue: shape.object("catalogue"),
    checkpoint: shape.object("checkpoint"),
    seals: shape.object("seals"),
  };
  const from = seals.optionalObject("from");
  return {
    schema: runSchema,
    bundle_id: shape.text("bundle_id"),
    bundle_key_sha256: shape.digest("bundle_key_sha256"),
    period: { start: period.text("start"), end: period.text("end") },
    catalogue: {
      id: catalogue.text("id"),
      version: catalogue.text("version"),
      sha256: catalogue.digest("sha256"),
    },
    checkpoint: {
      origin: checkpoint.text("origin"),
      size: checkpoint.count("size"),
      root: checkpoint.text("root"),
    },
    seals: {
      ...(from === undefined ? {} : { from: parseSealPlace(from) }),
      to: parseSealPlace(seals.object("to")),
    },
    classes: shape.objects("classes").map(parseRunClass),
    controls: shape.objects("controls").map(parseRunControl),
    content_sha256: shape.digest("content_sha256"),
  };
}

function parseSealPlace(shape: Shape): SealPlace {
  return { leaf: shape.count("leaf"), record_sha256: shape.digest("record_sha256") };
}

function parseRunClass(shape: Shape): RunClass {
  const [name] = parseClasses(shapeOf({ class: [shape.text("class")] }, shape.path), "class");
  const first = shape.optionalCount("first");
  const last = shape.optionalCount("last");
  if (name === undefined) throw new VerifyError("SHAPE", `${shape.path}.class is missing`);
  return {
    class: name,
    rows: shape.count("rows"),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    set_sha256: shape.digest("set_sha256"),
  };
}

function parseRunControl(shape: Shape): RunControl {
  const sample = shape.optionalText("sample_sha256");
  return {
    id: parseControlId(shape),
    version: shape.text("version"),
    control_sha256: shape.digest("control_sha256"),
    query_sha256: shape.digest("query_sha256"),
    params_sha256: shape.digest("params_sha256"),
    population_sha256: shape.digest("population_sha256"),
    exceptions_sha256: shape.digest("exceptions_sha256"),
    ...(sample === undefined ? {} : { sample_sha256: shape.digest("sample_sha256") }),
    result_sha256: shape.digest("result_sha256"),
    population: shape.count("population"),
    in_scope: shape.count("in_scope"),
    exceptions: shape.count("exceptions"),
    result: parseResultState(shape),
  };
}
