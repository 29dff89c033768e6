import { utf8Decode } from "@custody/proof";
import { VerifyError } from "./errors.ts";

/** A bundle as files by path, wherever they lie: in memory, in a ZIP, in a folder. */
export interface BundleReader {
  /** Every path once, in the order of the container. */
  readonly paths: readonly string[];
  /** Throws a VerifyError when the file is absent or its container is broken. The caller must not change the bytes. */
  read(path: string): Uint8Array | Promise<Uint8Array>;
}

export function readerOfFiles(files: ReadonlyMap<string, Uint8Array>): BundleReader {
  return {
    paths: [...files.keys()],
    read(path) {
      const bytes = files.get(path);
      if (bytes === undefined) throw new VerifyError("FILE_ABSENT", `${path} is absent`);
      return bytes;
    },
  };
}

export async function readText(bundle: BundleReader, path: string): Promise<string> {
  return utf8Decode(await bundle.read(path));
}
