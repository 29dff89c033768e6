import { canonicalText, type RecordClass } from "@custody/model";
import { utf8Encode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { parseClasses } from "./manifest.ts";
import { parseResultState, type ResultState } from "./result-state.ts";
import { parseJson, type Shape, shapeOf } from "./shape.ts";

export const resultSchema = "agent-evidence-result/1";

/** A sample drawn at export; absent where sampling is left to the auditor. */
export interface ResultSample {
  readonly n: number;
  readonly method: "hash-rank/1";
  readonly auditor_seed: string;
  /** Hex. */
  readonly seed: string;
}

/** What `result.json` says. More members may stand beside these; they are committed with the file. */
export interface ControlResult {
  readonly schema: typeof resultSchema;
  readonly control: string;
  readonly control_version: string;
  readonly catalogue_sha256: string;
  readonly population: {
    readonly classes: readonly RecordClass[];
    readonly class_records: number;
    readonly in_scope: number;
  };
  readonly exceptions: number;
  /** Exception code to how many exceptions carry it. */
  readonly codes: Readonly<Record<string, number>>;
  readonly sample?: ResultSample;
  readonly result: ResultState;
  /** Why the control could not be tested; empty unless `result` is `unable_to_test`. */
  readonly unable_because: readonly string[];
}

export function printResult(result: ControlResult): Uint8Array {
  return utf8Encode(`${canonicalText(result)}\n`);
}

export function parseResult(bytes: Uint8Array): ControlResult {
  const shape = shapeOf(parseJson(bytes), "result");
  if (shape.text("schema") !== resultSchema) {
    throw new VerifyError("SHAPE", `result.schema is not ${resultSchema}`);
  }
  const population = shape.object("population");
  const codes = shape.object("codes");
  const sample = shape.optionalObject("sample");
  return {
    schema: resultSchema,
    control: shape.text("control"),
    control_version: shape.text("control_version"),
    catalogue_sha256: shape.digest("catalogue_sha256"),
    population: {
      classes: parseClasses(population, "classes"),
      class_records: population.count("class_records"),
      in_scope: population.count("in_scope"),
    },
    exceptions: shape.count("exceptions"),
    codes: Object.fromEntries(codes.keys().map((code) => [code, codes.count(code)])),
    ...(sample === undefined ? {} : { sample: parseSample(sample) }),
    result: parseResultState(shape),
    unable_because: shape.texts("unable_because"),
  };
}

function parseSample(shape: Shape): ResultSample {
  if (shape.text("method") !== "hash-rank/1") {
    throw new VerifyError("SHAPE", `${shape.path}.method is unknown`);
  }
  return {
    n: shape.count("n"),
    method: "hash-rank/1",
    auditor_seed: shape.text("auditor_seed"),
    seed: shape.digest("seed"),
  };
}
