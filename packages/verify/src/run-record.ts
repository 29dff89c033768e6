import { attempt, type Case, type OpenedBundle } from "./case.ts";
import { parseRunCommitment, type RunCommitment } from "./commitment.ts";
import { VerifyError } from "./errors.ts";
import { checkIncluded } from "./inclusion.ts";
import type { SignedLog } from "./log-signature.ts";
import { paths } from "./paths.ts";
import { assertOwnRecord, type PlacedText, readPlacedTexts } from "./seal.ts";

/** Step 5. The record in which the run committed its findings is in the log. Absent where that is not proven. */
export async function checkRunRecord(
  each: Case,
  { manifest }: OpenedBundle,
  log: SignedLog,
): Promise<RunCommitment | undefined> {
  const { bundle, book, ports } = each;
  const placed = await attempt(book, "RUN_FORMAT", paths.run, async () =>
    onlyOne(readPlacedTexts(ports.sha256, await bundle.read(paths.run), 1)),
  );
  if (placed === undefined) return undefined;
  const { run, tenant } = manifest;
  if (placed.leaf !== run.leaf_index || placed.sha !== run.record_sha256) {
    book.add("RUN_FORMAT", "the manifest names another run record");
  }
  const place = { path: paths.runProof, code: "RUN_PROOF" } as const;
  if (!(await checkIncluded(each, placed, place, log.checkpoint))) return undefined;
  return attempt(book, "RUN_FORMAT", paths.run, () => {
    assertOwnRecord(placed.record, "integrity", tenant);
    const body = placed.record.object("body");
    if (body.text("kind") !== "run") throw new VerifyError("SHAPE", "not of kind run");
    return parseRunCommitment(body.value("detail"));
  });
}

function onlyOne([placed]: readonly PlacedText[]): PlacedText {
  if (placed === undefined) throw new VerifyError("ROW_FORMAT", "no row");
  return placed;
}
