import { parseSignedCheckpoint, type Sha256 } from "@custody/proof";
import type { BundleReader } from "./bundle.ts";
import { readClassRows } from "./class-rows.ts";
import { type DrawnSample, drawItems } from "./drawn-sample.ts";
import { VerifyError } from "./errors.ts";
import { parseManifest } from "./manifest.ts";
import { controlPath, paths, recordsPath } from "./paths.ts";
import { readPopulation } from "./population.ts";

export interface DrawInput {
  readonly controlId: string;
  /** Chosen by the auditor after the bundle was handed over. */
  readonly auditorSeed: string;
  readonly count: number;
}

/**
 * Draws an auditor's own sample from a finished bundle, offline. It does not verify the bundle: `verifyBundle` does,
 * and a sample from a bundle that fails says nothing.
 */
export async function drawSample(
  bundle: BundleReader,
  sha256: Sha256,
  { controlId, auditorSeed, count }: DrawInput,
): Promise<DrawnSample> {
  const manifest = parseManifest(await bundle.read(paths.manifest));
  const control = manifest.controls.find(({ id }) => id === controlId);
  if (control === undefined) {
    throw new VerifyError("SAMPLE_CONTROL", `the bundle has no control ${controlId}`);
  }
  const ranges = await Promise.all(
    control.classes.map(async (name) => {
      const path = recordsPath(name);
      const file = await bundle.read(path);
      return readClassRows(sha256, { class: name, tenant: manifest.tenant, path, file });
    }),
  );
  const population = readPopulation(
    await bundle.read(controlPath(controlId, "population")),
    ranges,
  );
  const signed = parseSignedCheckpoint(await bundle.read(paths.runCheckpoint));
  const checkpointBody = signed.note.text;
  return drawItems(sha256, population.sampled, { checkpointBody, controlId, auditorSeed, count });
}
