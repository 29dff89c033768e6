import { millisOf } from "@custody/model";
import { attempt, type BoundingSeals, type Case, type OpenedBundle } from "./case.ts";
import { checkIncluded } from "./inclusion.ts";
import { limits } from "./limits.ts";
import type { SignedLog } from "./log-signature.ts";
import type { Manifest } from "./manifest.ts";
import { paths, sealProofPath } from "./paths.ts";
import { type PlacedSeal, parseSeal, readPlacedTexts } from "./seal.ts";

/** Step 6. The seals on both sides of the period are in the log; between them lies everything that was received. */
export async function checkSeals(
  each: Case,
  { manifest }: OpenedBundle,
  log: SignedLog,
): Promise<BoundingSeals | undefined> {
  const { bundle, book, ports } = each;
  const seals = await attempt(book, "SEAL_FORMAT", paths.seals, async () =>
    readPlacedTexts(ports.sha256, await bundle.read(paths.seals), limits.sealsMax).map((text) =>
      parseSeal(text, manifest.tenant),
    ),
  );
  if (seals === undefined) return undefined;
  let proven = true;
  for (const seal of seals) {
    const place = { path: sealProofPath(seal.sha), code: "SEAL_PROOF" } as const;
    // In turn: two seals, and each proof is read from the same container.
    proven = (await checkIncluded(each, seal, place, log.checkpoint)) && proven;
  }
  const bounds = boundsOf(each, manifest, seals);
  if (!proven || bounds === undefined) return undefined;
  checkRoster(each, bounds.to, manifest.log.origin);
  await checkPeriod(each, manifest, bounds);
  return bounds;
}

function boundsOf(
  { book }: Case,
  { seals: { from, to } }: Manifest,
  seals: readonly PlacedSeal[],
): BoundingSeals | undefined {
  const at = (leaf: number | undefined): PlacedSeal | undefined =>
    seals.find((seal) => seal.leaf === leaf);
  const last = at(to);
  const first = at(from);
  if (last === undefined || (from !== undefined && first === undefined)) {
    book.add("SEAL_MISSING", paths.seals);
    return undefined;
  }
  if (first !== undefined && first.leaf >= last.leaf) {
    book.add("SEAL_FORMAT", "the opening seal does not come before the closing one");
    return undefined;
  }
  return { from: first, to: last };
}

/** The roster is how an export cannot pass one ledger off as the whole tenant (design 6). */
function checkRoster({ book }: Case, { roster, leaf }: PlacedSeal, origin: string): void {
  if (!roster.some((entry) => entry.origin === origin)) book.add("SEAL_ROSTER", `leaf ${leaf}`);
  if (roster.length > 1) book.limit("LEDGER_SUBSET", roster.map((entry) => entry.origin).join(" "));
}

/** Without an opening seal the range starts at the ledger's first leaf, so nothing before it can be missing. */
async function checkPeriod(
  { book }: Case,
  { period, interim }: Manifest,
  { from, to }: BoundingSeals,
): Promise<void> {
  await attempt(book, "SEAL_PERIOD", paths.seals, () => {
    const start = millisOf(period.start);
    const end = millisOf(period.end) + 1000 * period.lateness_s;
    if (from !== undefined && millisOf(from.rx) >= start)
      book.add("SEAL_PERIOD", `leaf ${from.leaf}`);
    if (!interim && millisOf(to.rx) < end) book.add("SEAL_PERIOD", `leaf ${to.leaf}`);
  });
  if (interim) book.limit("INTERIM");
}
