import { stat } from "node:fs/promises";
import type { KeyKind } from "@custody/model";
import { replaceFile } from "./durable-file.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { type Members, readJson } from "./json-file.ts";
import { isKeyKind } from "./key-text.ts";
import { assertTenant } from "./layout.ts";

/** What is kept of a key: never the key. */
export interface StoredKey {
  readonly id: string;
  /** SHA-256 of the key's text, hex. */
  readonly hash: string;
  readonly tenant: string;
  readonly subject: string;
  readonly kind: KeyKind;
  readonly observes?: string;
  readonly created: string;
  readonly revoked?: string;
  readonly breakGlassUntil?: string;
}

export async function readKeyFile(path: string): Promise<StoredKey[]> {
  const file = await readJson(path);
  return file === undefined ? [] : file.list("keys").map(parseKey);
}

export async function writeKeyFile(path: string, keys: readonly StoredKey[]): Promise<void> {
  await replaceFile(path, `${JSON.stringify({ v: 1, keys }, undefined, 2)}\n`);
}

/** Changes whenever another process wrote the file. */
export async function keyFileVersion(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino}/${mtimeNs}/${size}`;
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return "absent";
    throw error;
  }
}

function parseKey(file: Members): StoredKey {
  const kind = file.text("kind");
  const hash = file.text("hash");
  if (!isKeyKind(kind) || !/^[0-9a-f]{64}$/.test(hash)) {
    throw new LedgerError("FOLDER_FORMAT", "keys.json holds something that is no key");
  }
  const tenant = file.text("tenant");
  assertTenant(tenant);
  const observes = file.optionalText("observes");
  const revoked = file.optionalText("revoked");
  const breakGlassUntil = file.optionalText("breakGlassUntil");
  return {
    id: file.text("id"),
    hash,
    tenant,
    subject: file.text("subject"),
    kind,
    created: file.text("created"),
    ...(observes === undefined ? {} : { observes }),
    ...(revoked === undefined ? {} : { revoked }),
    ...(breakGlassUntil === undefined ? {} : { breakGlassUntil }),
  };
}
