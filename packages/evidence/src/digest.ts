import { hash } from "node:crypto";

/** The hash function in the form that `proof` takes it. The digest is a copy of its own. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash("sha256", bytes, "buffer"));
}

export function sha256Hex(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}
