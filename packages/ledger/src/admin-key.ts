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
