import { utf8Decode } from "@custody/proof";
import { VerifyError } from "./errors.ts";

export interface Checksum {
  readonly path: string;
  readonly sha256: string;
}

/** The form `sha256sum -c` reads, sorted by path: every file but SHA256SUMS itself and signatures/. */
export function printChecksums(checksums: readonly Checksum[]): string {
  return [...checksums]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ sha256, path }) => `${sha256}  ${path}\n`)
    .join("");
}

export function parseChecksums(bytes: Uint8Array): Checksum[] {
  const text = utf8Decode(bytes);
  if (!text.endsWith("\n")) throw new VerifyError("SHAPE", "SHA256SUMS does not end in a newline");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const [, sha256, path] = /^([0-9a-f]{64}) {2}([!-~]+)$/.exec(line) ?? [];
      if (sha256 === undefined || path === undefined) {
        throw new VerifyError("SHAPE", "SHA256SUMS has a malformed line");
      }
      return { sha256, path };
    });
}
