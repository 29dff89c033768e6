import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Stop } from "../exit-code.ts";
import type { BackedUpFile } from "./manifest.ts";
import { readTarHeader, tarBlockBytes, tarEnd, tarHeader, tarPadding } from "./tar.ts";

/** Takes files one after another. */
export interface Sink {
  /** The file's bytes are on the disk, or on their way there with `close`. */
  put(path: string, bytes: number, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void>;
  close(): Promise<void>;
}

/** One file of a back-up, or of a folder. */
export interface Piece {
  readonly path: string;
  readonly bytes: number;
  /** To be read to its end before the next piece is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
}

const chunkBytes = 1_048_576;

export function folderSink(folder: string): Sink {
  const folders = new Set<string>([folder]);
  return {
    async put(path, _, chunks) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      folders.add(dirname(place));
      const file = await open(place, "wx", 0o600);
      try {
        for await (const chunk of chunks) await file.writeFile(chunk);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
    async close() {
      for (const path of folders) await synced(path);
    },
  };
}

export async function archiveSink(path: string): Promise<Sink> {
  const file = await open(path, "wx", 0o600);
  return {
    async put(name, bytes, chunks) {
      await file.writeFile(tarHeader({ path: name, bytes }));
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.writeFile(tarPadding(bytes));
    },
    async close() {
      await file.writeFile(tarEnd);
      await file.datasync();
      await file.close();
      await synced(dirname(path));
    },
  };
}

/** Every file below a folder, by name. */
export async function* folderPieces(folder: string, below = ""): AsyncIterable<Piece> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* folderPieces(folder, path);
    else if (entry.isFile()) {
      const { size } = await stat(join(folder, path));
      yield { path, bytes: size, chunks: chunksOf(join(folder, path)) };
    }
  }
}

/** Every file of an archive, in its order. Throws a Stop where it is damaged. */
export async function* archivePieces(path: string): AsyncIterable<Piece> {
  const file = await open(path, "r");
  try {
    let at = 0;
    for (;;) {
      const head = await readAt(file, at, tarBlockBytes);
      const entry = readTarHeader(head);
      if (entry === undefined) return;
      const from = at + tarBlockBytes;
      yield { ...entry, chunks: rangeOf(file, from, entry.bytes) };
      at = from + entry.bytes + tarPadding(entry.bytes).length;
    }
  } finally {
    await file.close();
  }
}

async function* chunksOf(path: string): AsyncIterable<Buffer> {
  const file = await open(path, "r");
  try {
    yield* rangeOf(file, 0, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function* rangeOf(file: FileHandle, from: number, bytes: number): AsyncIterable<Buffer> {
  for (let done = 0; done < bytes; done += chunkBytes) {
    yield await readAt(file, from + done, Math.min(chunkBytes, bytes - done));
  }
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, at);
  if (bytesRead < bytes)
    throw new Stop("no", "the back-up ends too early: it was not written whole, or was cut");
  return buffer;
}

/** Passes the chunks of a piece on; says what it was when it is through. */
export async function* hashed(
  piece: Piece,
  done: (file: BackedUpFile) => void,
): AsyncIterable<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of piece.chunks) {
    hash.update(chunk);
    yield chunk;
  }
  done({ path: piece.path, bytes: piece.bytes, sha256: hash.digest("hex") });
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
