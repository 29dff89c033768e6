import { canonicalText } from "@custody/model";
import { utf8Encode } from "@custody/proof";
import type { Manifest } from "./manifest.ts";
import { paths } from "./paths.ts";

export const statementPayloadType = "application/vnd.in-toto+json";
const statementType = "https://in-toto.io/Statement/v1";
export const bundlePredicateType = "urn:custody:evidence-bundle:1";

/**
 * The in-toto Statement a bundle key signs: every file of the manifest and the manifest itself as subjects,
 * the rest of the manifest as predicate. It is a function of the manifest, so a verifier compares bytes.
 */
export function bundleStatement(manifest: Manifest, manifestSha256: string): Uint8Array {
  const { files, ...predicate } = manifest;
  const subject = [...files, { path: paths.manifest, sha256: manifestSha256 }]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, sha256 }) => ({ name: path, digest: { sha256 } }));
  return utf8Encode(
    canonicalText({ _type: statementType, subject, predicateType: bundlePredicateType, predicate }),
  );
}
