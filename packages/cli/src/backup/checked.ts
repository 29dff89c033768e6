import { Stop } from "../exit-code.ts";
import { type BackedUpFile, type Manifest, manifestName, manifestSchema } from "./manifest.ts";
import { archivePieces, folderPieces, hashed, type Piece } from "./sink.ts";

/** A back-up while it is read. */
export interface CheckedBackup {
  /** Every file but the manifest, to be read in order and whole. */
  readonly pieces: AsyncIterable<Piece>;
  /** When all are read: what they are, as the manifest has it. Throws where they are not that. */
  manifest(): Manifest;
}

const manifestBytesMax = 512 * 1_048_576;

/** Nothing in a back-up is believed before it was compared: its names become paths, its bytes records. */
export function checkedPieces(path: string, archive: boolean): CheckedBackup {
  const seen: BackedUpFile[] = [];
  let text: string | undefined;
  async function* pieces(): AsyncIterable<Piece> {
    for await (const piece of archive ? archivePieces(path) : folderPieces(path)) {
      if (piece.path === manifestName) {
        text = await textOf(piece);
        continue;
      }
      assertPath(piece.path);
      const chunks = hashed(piece, (file) => seen.push(file));
      yield { ...piece, chunks };
    }
  }
  return {
    pieces: pieces(),
    manifest() {
      if (text === undefined) {
        throw new Stop("no", `${path} is no whole back-up: ${manifestName} is missing`);
      }
      const manifest = manifestOf(text, path);
      compare(manifest.files, seen, path);
      return manifest;
    },
  };
}

async function textOf(piece: Piece): Promise<string> {
  if (piece.bytes > manifestBytesMax) throw new Stop("no", "the list of the back-up is too long");
  const chunks: Buffer[] = [];
  for await (const chunk of piece.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function manifestOf(text: string, path: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Stop(
      "no",
      `${path} is no back-up that this version reads: its ${manifestName} is of another form`,
      { cause },
    );
  }
}

/** Below the folder it is restored to, and nowhere else. */
function assertPath(path: string): void {
  const isPlain = path
    .split("/")
    .every((part) => /^[\w.-]+$/.test(part) && part !== ".." && part !== ".");
  if (!isPlain)
    throw new Stop(
      "no",
      `the back-up names a file that none of ours is called: ${JSON.stringify(path)}`,
    );
}

function compare(
  listed: readonly BackedUpFile[],
  seen: readonly BackedUpFile[],
  path: string,
): void {
  const there = new Map(seen.map((file) => [file.path, file]));
  const wrong = listed
    .filter(({ path: name, sha256 }) => there.get(name)?.sha256 !== sha256)
    .map(({ path: name }) => name);
  const known = new Set(listed.map(({ path: name }) => name));
  const foreign = seen.filter(({ path: name }) => !known.has(name)).map(({ path: name }) => name);
  const [first] = [...wrong, ...foreign];
  if (first === undefined && there.size === seen.length) return;
  throw new Stop(
    "no",
    `${path} is not as it was written: ${wrong.length} file(s) missing or changed, ${foreign.length} too many, the first ${first ?? "twice"}`,
  );
}
