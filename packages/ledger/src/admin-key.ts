import { join } from "node:path";
import { replaceFile } from "./durable-file.ts";
import type { FileKeyRing } from "./key-ring.ts";

export type AdminKey =
  | { readonly outcome: "created"; readonly path: string }
  | { readonly outcome: "present" };

/** No end: the loopback's own first key may read content until somebody revokes it (contract 3). */
const noEnd = "9999-12-31T23:59:59.999999999Z";

/** The first start writes an admin key to `<data>/admin.key`, readable by the owner alone. Later starts leave everything as it is. */
export async function ensureAdminKey(
  dir: string,
  ring: FileKeyRing,
  options: { readonly tenant: string; readonly subject: string; readonly loopback: boolean },
): Promise<AdminKey> {
  if (ring.list().some(({ kind, revoked }) => kind === "admin" && revoked === undefined)) {
    return { outcome: "present" };
  }
  const { tenant, subject, loopback } = options;
  const grant = loopback ? { breakGlassUntil: noEnd } : {};
  const { key } = await ring.create({ tenant, subject, kind: "admin" }, grant);
  const path = join(dir, "admin.key");
  await replaceFile(path, `${key}\n`);
  return { outcome: "created", path };
}

/**
 * Another admin key for a restored copy that came without `admin.key`: its owner must be able to ask it. It reads no content, and the keys
 * that were there stay as they were. A folder without an admin gets its first key when it is started.
 */
export async function replaceAdminKey(dir: string, ring: FileKeyRing): Promise<void> {
  const known = ring.list().find(({ kind, revoked }) => kind === "admin" && revoked === undefined);
  if (known === undefined) return;
  const { tenant, subject } = known;
  const { key } = await ring.create({ tenant, subject, kind: "admin" });
  await replaceFile(join(dir, "admin.key"), `${key}\n`);
}
