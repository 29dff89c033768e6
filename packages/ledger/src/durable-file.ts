import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Content and keys are in these files: nobody but the owner reads them. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Returns only when the directory's entries are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and its data to the disk; not yet its name. A failed one is removed. */
export async function writeSynced(
  path: string,
  bytes: Uint8Array | string,
  inspect?: (handle: FileHandle) => Promise<Uint8Array | string>,
): Promise<void> {
  const handle = await open(path, "w", fileMode);
  try {
    const content = inspect === undefined ? bytes : await inspect(handle);
    await handle.writeFile(content);
    await handle.datasync();
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  await handle.close();
}

/** Replaces a file as a whole: a reader, and a crash, sees the old bytes or the new ones. */
export async function replaceFile(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeSynced(temporary, bytes);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes a folder and its parents, and puts their names on the disk. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: folderMode });
  if (first === undefined) return;
  // Every folder from the first new one's parent down has a new entry.
  for (let at = path; at.length >= first.length; at = dirname(at)) {
    await syncFolder(dirname(at));
  }
}
