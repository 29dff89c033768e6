import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Random } from "@custody/model";
import { makeFolder, replaceFile } from "./durable-file.ts";
import { LedgerError, reasonOf } from "./errors.ts";

const keyBytes = 32;

/**
 * The tenant's HMAC key: nonces, claims and pseudonyms come from it, so every collector of a tenant must have the same one.
 * Made at the tenant's first start, readable by the owner alone.
 */
export async function openTenantKey(path: string, random: Random): Promise<Uint8Array> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (reasonOf(error) !== "ENOENT") throw error;
    const key = random.bytes(keyBytes);
    await makeFolder(dirname(path));
    await replaceFile(path, `${Buffer.from(key).toString("hex")}\n`);
    return key;
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text)) {
    throw new LedgerError("KEY_FILE", "the tenant's key is not 64 hex digits");
  }
  return Buffer.from(text.trim(), "hex");
}
