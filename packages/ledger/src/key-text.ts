import { type KeyKind, keyKinds, type Random } from "@custody/model";
import { sha256Hex } from "./digest.ts";

const secretBytes = 32;

/** `custody_<kind>_<random base64url>`: the prefix lets secret scanners find a leaked one. */
export function newKeyText(kind: KeyKind, random: Random): string {
  return `custody_${kind}_${Buffer.from(random.bytes(secretBytes)).toString("base64url")}`;
}

/** What is stored of a key, and looked up. */
export function keyHash(text: string): string {
  return sha256Hex(text);
}

export function isKeyKind(text: string): text is KeyKind {
  return keyKinds.some((kind) => kind === text);
}
