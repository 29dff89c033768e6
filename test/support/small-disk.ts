import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, as large as a test says: real to everybody who writes to it. */
export interface SmallDisk {
  readonly dir: string;
  freeBytes(): number;
  remount(how: "ro" | "rw"): void;
  remove(): void;
}

/** Only root may mount one, and not everywhere. */
export function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), "custody-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dir]).status === 0;
  if (mounted) spawnSync("umount", [dir]);
  rmdirSync(dir);
  return mounted;
}

/** `size` as mount(8) takes it. */
export function mountSmallDisk(size: string): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), "custody-small-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", dir]);
  return {
    dir,
    freeBytes() {
      const { bavail, bsize } = statfsSync(dir);
      return bavail * bsize;
    },
    remount: (how) => void execFileSync("mount", ["-o", `remount,${how}`, dir]),
    remove() {
      spawnSync("umount", ["-l", dir]);
      rmdirSync(dir);
    },
  };
}
