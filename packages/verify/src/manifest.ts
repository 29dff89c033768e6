import { canonicalText, isRecordClass, type RecordClass } from "@custody/model";
import { utf8Encode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { parseResultState, type ResultState } from "./result-state.ts";
import { parseJson, type Shape, shapeOf } from "./shape.ts";

export const manifestSchema = "agent-evidence-manifest/1";

export interface ManifestFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly media_type: string;
}

export interface ManifestControl {
  readonly id: string;
  readonly version: string;
  /** Record classes whose whole range between the seals is this control's population; empty for a calendar. */
  readonly classes: readonly RecordClass[];
  readonly result: ResultState;
  /** Rows of the classes · rows in scope, which are items · exceptions. */
  readonly population: number;
  readonly in_scope: number;
  readonly exceptions: number;
  readonly query_sha256: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How much of what the bundle carries is known in which way (design 2, grade). */
export interface GradeLine {
  readonly observed: number;
  readonly reported: number;
  readonly derived: number;
  readonly inferred: number;
}

export interface Manifest {
  readonly schema: typeof manifestSchema;
  readonly bundle_id: string;
  readonly tenant: string;
  readonly period: { readonly start: string; readonly end: string; readonly lateness_s: number };
  readonly generated_at: string;
  readonly generator: { readonly name: string; readonly version: string };
  readonly requested_by: { readonly id: string };
  readonly purpose: string;
  /** True when the period had not ended, or its lateness had not run out, at export. */
  readonly interim: boolean;
  readonly grades: GradeLine;
  /** Sentences on what could not be seen. */
  readonly blind_spots: readonly string[];
  readonly log: {
    readonly origin: string;
    readonly size: number;
    /** Base64. */
    readonly root: string;
    readonly vkeys: readonly string[];
    readonly prev_bundle?: { readonly id: string; readonly size: number; readonly root: string };
  };
  readonly anchors: readonly Readonly<Record<string, unknown>>[];
  readonly catalogue: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly controls: readonly ManifestControl[];
  readonly run: { readonly record_sha256: string; readonly leaf_index: number };
  /** Leaf indices of the bounding seals; `from` is absent when the ledger began inside the range. */
  readonly seals: { readonly from?: number; readonly to: number };
  readonly files: readonly ManifestFile[];
}

/** Canonical, so that equal manifests are equal bytes. */
export function printManifest(manifest: Manifest): Uint8Array {
  return utf8Encode(canonicalText(manifest));
}

/** Throws SHAPE where a member is missing or wrong, and where the bytes are not the canonical ones. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const shape = shapeOf(parseJson(bytes), "manifest");
  if (shape.text("schema") !== manifestSchema) {
    throw new VerifyError("SHAPE", `manifest.schema is not ${manifestSchema}`);
  }
  const from = shape.object("seals").optionalCount("from");
  const manifest: Manifest = {
    schema: manifestSchema,
    bundle_id: shape.text("bundle_id"),
    tenant: shape.text("tenant"),
    period: parsePeriod(shape.object("period")),
    generated_at: shape.text("generated_at"),
    generator: {
      name: shape.object("generator").text("name"),
      version: shape.object("generator").text("version"),
    },
    requested_by: { id: shape.object("requested_by").text("id") },
    purpose: shape.text("purpose"),
    interim: shape.flag("interim"),
    grades: parseGrades(shape.object("grades")),
    blind_spots: shape.texts("blind_spots"),
    log: parseLog(shape.object("log")),
    anchors: shape.objects("anchors").map((anchor) => recordOf(anchor)),
    catalogue: {
      id: shape.object("catalogue").text("id"),
      version: shape.object("catalogue").text("version"),
      sha256: shape.object("catalogue").digest("sha256"),
    },
    controls: shape.objects("controls").map(parseControl),
    run: {
      record_sha256: shape.object("run").digest("record_sha256"),
      leaf_index: shape.object("run").count("leaf_index"),
    },
    seals: { to: shape.object("seals").count("to"), ...(from === undefined ? {} : { from }) },
    files: shape.objects("files").map(parseFile),
  };
  return manifest;
}

function parsePeriod(shape: Shape): Manifest["period"] {
  return {
    start: shape.text("start"),
    end: shape.text("end"),
    lateness_s: shape.count("lateness_s"),
  };
}

function parseGrades(shape: Shape): GradeLine {
  return {
    observed: shape.count("observed"),
    reported: shape.count("reported"),
    derived: shape.count("derived"),
    inferred: shape.count("inferred"),
  };
}

function parseLog(shape: Shape): Manifest["log"] {
  const previous = shape.optionalObject("prev_bundle");
  return {
    origin: shape.text("origin"),
    size: shape.count("size"),
    root: shape.text("root"),
    vkeys: shape.texts("vkeys"),
    ...(previous === undefined
      ? {}
      : {
          prev_bundle: {
            id: previous.text("id"),
            size: previous.count("size"),
            root: previous.text("root"),
          },
        }),
  };
}

function parseControl(shape: Shape): ManifestControl {
  return {
    id: parseControlId(shape),
    version: shape.text("version"),
    classes: parseClasses(shape, "classes"),
    result: parseResultState(shape),
    population: shape.count("population"),
    in_scope: shape.count("in_scope"),
    exceptions: shape.count("exceptions"),
    query_sha256: shape.digest("query_sha256"),
    params: recordOf(shape.object("params")),
  };
}

function parseFile(shape: Shape): ManifestFile {
  return {
    path: shape.text("path"),
    size: shape.count("size"),
    sha256: shape.digest("sha256"),
    media_type: shape.text("media_type"),
  };
}

/** A control id becomes part of a path, so it has the catalogue's own narrow form. */
export function parseControlId(shape: Shape): string {
  const id = shape.text("id");
  if (!/^[A-Z]{2,8}(?:-[A-Z0-9]{1,8}){1,4}$/.test(id)) {
    throw new VerifyError("SHAPE", `${shape.path}.id is not a control id`);
  }
  return id;
}

export function parseClasses(shape: Shape, key: string): readonly RecordClass[] {
  return shape.texts(key).map((name) => {
    if (isRecordClass(name)) return name;
    throw new VerifyError("SHAPE", `${shape.path}.${key} names an unknown class`);
  });
}

function recordOf(shape: Shape): Readonly<Record<string, unknown>> {
  return Object.fromEntries(shape.keys().map((key) => [key, shape.value(key)]));
}
