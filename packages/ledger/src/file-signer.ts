import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Signer } from "@custody/proof";
import { makeFolder, replaceFile } from "./durable-file.ts";
import { exportPublicKey } from "./ed25519.ts";
import { LedgerError, reasonOf } from "./errors.ts";

/** Reads an Ed25519 key in PEM (PKCS 8). */
export async function openFileSigner(path: string): Promise<Signer> {
  let key: KeyObject;
  try {
    key = createPrivateKey(await readFile(path));
  } catch (cause) {
    throw new LedgerError("KEY_FILE", `the log key cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new LedgerError("KEY_FILE", `the log key is ${key.asymmetricKeyType}, not ed25519`);
  }
  return { publicKey: exportPublicKey(key), sign: (message) => sign(null, message, key) };
}

/** As `openFileSigner`; a key that does not exist yet is made, readable by the owner alone. */
export async function ensureFileSigner(path: string): Promise<Signer> {
  if (!(await exists(path))) {
    const { privateKey } = generateKeyPairSync("ed25519");
    await makeFolder(dirname(path));
    await replaceFile(path, privateKey.export({ format: "pem", type: "pkcs8" }));
  }
  return openFileSigner(path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch (error) {
    // Any other failure must not lead to a new key over one that is there.
    if (reasonOf(error) === "ENOENT") return false;
    throw new LedgerError("KEY_FILE", `the log key cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
