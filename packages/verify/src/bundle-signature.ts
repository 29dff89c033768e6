import { equalBytes, parseEnvelope, verifyEnvelope } from "@custody/proof";
import { readText } from "./bundle.ts";
import { attempt, type Case, type OpenedBundle } from "./case.ts";
import { paths } from "./paths.ts";
import { parsePublicKeyPem } from "./public-key.ts";
import { bundleStatement, statementPayloadType } from "./statement.ts";

/** Step 2. The bundle key signed exactly this manifest. Answers the key, which the run record must name. */
export async function checkBundleSignature(
  { bundle, book, ports }: Case,
  { manifest, manifestSha256 }: OpenedBundle,
): Promise<Uint8Array | undefined> {
  const publicKey = await attempt(book, "BUNDLE_KEY_FORMAT", paths.bundleKey, async () =>
    parsePublicKeyPem(await readText(bundle, paths.bundleKey)),
  );
  const envelope = await attempt(book, "BUNDLE_SIGNATURE", paths.envelope, async () =>
    parseEnvelope(await bundle.read(paths.envelope)),
  );
  if (publicKey === undefined || envelope === undefined) return undefined;
  const { verdict } = await verifyEnvelope(ports.checkSignature, envelope, [publicKey]);
  if (verdict !== "verified") {
    book.add("BUNDLE_SIGNATURE", paths.envelope);
    return undefined;
  }
  const statement = bundleStatement(manifest, manifestSha256);
  const signsThis =
    envelope.payloadType === statementPayloadType && equalBytes(envelope.payload, statement);
  if (!signsThis) book.add("STATEMENT_MISMATCH", paths.envelope);
  return publicKey;
}
