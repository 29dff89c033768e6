import { checkTlogProof, parseTlogProof, type SignedCheckpoint } from "@custody/proof";
import { attempt, type Case } from "./case.ts";
import type { FindingCode } from "./finding.ts";
import type { PlacedText } from "./seal.ts";

/** A record of ours is a leaf of the very tree that the bundle's checkpoint signs, at the index its row claims. */
export async function checkIncluded(
  { bundle, book, hasher }: Case,
  { leaf, digest }: Pick<PlacedText, "leaf" | "digest">,
  { path, code }: { readonly path: string; readonly code: FindingCode },
  signed: SignedCheckpoint,
): Promise<boolean> {
  const checked = await attempt(book, code, path, async () => {
    const proof = parseTlogProof(await bundle.read(path));
    return { proof, ...checkTlogProof(hasher, proof, hasher.leaf(digest)) };
  });
  if (checked === undefined) return false;
  if (checked.signed.note.text !== signed.note.text) {
    book.add(code, `${path} was made for another checkpoint`);
    return false;
  }
  if (checked.proof.index !== leaf || checked.verdict !== "ok") {
    book.add(code, `${path}: ${checked.verdict}`);
    return false;
  }
  return true;
}
