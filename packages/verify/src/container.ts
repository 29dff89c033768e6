import { recordClasses } from "@custody/model";
import { equalBytes, hexEncode } from "@custody/proof";
import { attempt, type Case, type OpenedBundle } from "./case.ts";
import { parseChecksums } from "./checksums.ts";
import { type ClassRows, readClassRows } from "./class-rows.ts";
import { limits } from "./limits.ts";
import { type Manifest, parseManifest, printManifest } from "./manifest.ts";
import { isBundlePath, isOutsideManifest, paths, recordsPath } from "./paths.ts";

/**
 * Step 1. Every file is read once: hashed, compared with the manifest and SHA256SUMS, and its rows taken in.
 * Undefined when there is no manifest to compare with: nothing else can then be judged.
 */
export async function checkContainer(each: Case): Promise<OpenedBundle | undefined> {
  const { bundle, book, ports } = each;
  const bytes = await attempt(book, "MANIFEST_FORMAT", paths.manifest, () =>
    bundle.read(paths.manifest),
  );
  if (bytes === undefined) return undefined;
  const manifest = await attempt(book, "MANIFEST_FORMAT", paths.manifest, () =>
    parseManifest(bytes),
  );
  if (manifest === undefined) return undefined;
  // Only the canonical bytes have one reading: duplicate members or unknown ones would hide in others.
  if (!equalBytes(printManifest(manifest), bytes)) book.add("MANIFEST_FORMAT", "not canonical");
  const { digests, rows } = await readFiles(each, manifest);
  checkFiles(each, manifest, digests);
  await checkChecksums(each, digests);
  checkGrades(each, manifest, rows);
  return { manifest, manifestSha256: hexEncode(ports.sha256(bytes)), digests, rows };
}

async function readFiles(
  { bundle, book, ports }: Case,
  { tenant, files }: Manifest,
): Promise<Pick<OpenedBundle, "digests" | "rows">> {
  const classes = new Map(recordClasses.map((name) => [recordsPath(name), name]));
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const digests = new Map<string, string>();
  const rows = new Map<ClassRows["class"], ClassRows>();
  for (const path of bundle.paths) {
    if (!isBundlePath(path, limits.pathCharsMax)) book.add("FILE_EXTRA", "a path of another form");
    // One file at a time: a bundle may be larger than memory, a file is not.
    const file = await attempt(book, "FILE_UNREADABLE", path, () => bundle.read(path));
    if (file === undefined) continue;
    digests.set(path, hexEncode(ports.sha256(file)));
    if ((sizes.get(path) ?? file.length) !== file.length) book.add("FILE_CHANGED", `${path} size`);
    const name = classes.get(path);
    if (name !== undefined) {
      rows.set(name, readClassRows(ports.sha256, { class: name, tenant, path, file }));
    }
  }
  return { digests, rows };
}

function checkFiles(
  { bundle, book }: Case,
  { files }: Manifest,
  digests: ReadonlyMap<string, string>,
): void {
  const listed = new Set(files.map(({ path }) => path));
  if (listed.size !== files.length) book.add("MANIFEST_FORMAT", "a file is listed twice");
  for (const { path, sha256 } of files) {
    const found = digests.get(path);
    if (isOutsideManifest(path)) book.add("MANIFEST_FORMAT", `${path} must not be listed`);
    else if (found === undefined) book.add("FILE_MISSING", path);
    else if (found !== sha256) book.add("FILE_CHANGED", path);
  }
  for (const path of bundle.paths) {
    if (!listed.has(path) && !isOutsideManifest(path)) book.add("FILE_EXTRA", path);
  }
}

/** SHA256SUMS is for people with `sha256sum -c`; it must not tell them another story than the manifest tells us. */
async function checkChecksums(
  { bundle, book }: Case,
  digests: ReadonlyMap<string, string>,
): Promise<void> {
  const lines = await attempt(book, "CHECKSUMS_MISMATCH", paths.checksums, async () =>
    parseChecksums(await bundle.read(paths.checksums)),
  );
  if (lines === undefined) return;
  const wanted = bundle.paths.filter(
    (path) => path !== paths.checksums && !path.startsWith("signatures/"),
  );
  const told = new Map(lines.map(({ path, sha256 }) => [path, sha256]));
  if (told.size !== lines.length || lines.length !== wanted.length) {
    book.add("CHECKSUMS_MISMATCH", `${lines.length} lines for ${wanted.length} files`);
  }
  for (const path of wanted) {
    if (told.get(path) !== digests.get(path)) book.add("CHECKSUMS_MISMATCH", path);
  }
}

function checkGrades({ book }: Case, { grades }: Manifest, rows: OpenedBundle["rows"]): void {
  for (const name of ["observed", "reported", "derived", "inferred"] as const) {
    const counted = [...rows.values()].reduce((total, each) => total + each.grades[name], 0);
    if (counted !== grades[name]) {
      book.add("GRADES_MISMATCH", `${name}: ${grades[name]} stated, ${counted} counted`);
    }
  }
}
