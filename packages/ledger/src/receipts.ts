import type { Receipt } from "@custody/model";
import {
  base64UrlDecode,
  base64UrlEncode,
  createNoteKey,
  type NoteKey,
  ProofError,
  type Signer,
} from "@custody/proof";
import { sha256 } from "./digest.ts";
import { checkSignature } from "./ed25519.ts";

/** A published size and root: whoever keeps one can later show that the log was rewritten (design 6, free witnesses). */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface SignedReceipt extends Receipt {
  /** The newest published checkpoint when the receipt was signed; absent before the first. */
  readonly witness?: TreeHead;
}

export type ReceiptVerdict =
  | { readonly outcome: "valid"; readonly receipt: SignedReceipt }
  | { readonly outcome: "forged" }
  | { readonly outcome: "malformed" };

// No origin of ours has fewer than two slashes, so this text is never a checkpoint's first line.
const domain = "custody-receipt/1";
const members = ["origin", "batch", "count", "duplicates", "rx", "tree"] as const;
const shape =
  /^v1;origin=([a-z0-9./-]{1,255});batch=([0-9a-f]{64});count=(\d{1,15});duplicates=(\d{1,15});rx=([0-9TZ:.-]{30});tree=(-|\d{1,16}:[A-Za-z0-9_-]{43});key=([0-9a-f]{8});sig=([A-Za-z0-9_-]{86})$/;

/** The compact form for the `custody-receipt` header: one line of ASCII that its holder can check offline. */
export async function signReceipt(receipt: SignedReceipt, signer: Signer): Promise<string> {
  const values = printed(receipt);
  const signature = await signer.sign(message(values));
  const key = createNoteKey(sha256, {
    name: receipt.origin,
    type: "ed25519",
    publicKey: signer.publicKey,
  });
  const body = members.map((member, index) => `${member}=${values[index]}`).join(";");
  return `v1;${body};key=${key.id};sig=${base64UrlEncode(signature)}`;
}

/** The text is hostile. A key of another origin never verifies it. */
export function verifyReceipt(text: string, key: NoteKey): ReceiptVerdict {
  const [, origin, batch, count, duplicates, rx, tree, keyId, signature] = shape.exec(text) ?? [];
  if (signature === undefined || tree === undefined) return { outcome: "malformed" };
  if (origin !== key.name || keyId !== key.id) return { outcome: "forged" };
  const values = [origin, batch, count, duplicates, rx, tree].map((value) => value ?? "");
  const bytes = decoded(signature);
  if (bytes === undefined) return { outcome: "malformed" };
  const claim = { publicKey: key.publicKey, message: message(values), signature: bytes };
  if (!checkSignature(claim)) return { outcome: "forged" };
  const witness = parseTree(tree);
  const receipt: SignedReceipt = {
    origin,
    batch: batch ?? "",
    count: Number(count),
    duplicates: Number(duplicates),
    rx: rx ?? "",
    ...(witness === undefined ? {} : { witness }),
  };
  return { outcome: "valid", receipt };
}

function printed({ origin, batch, count, duplicates, rx, witness }: SignedReceipt): string[] {
  const tree = witness === undefined ? "-" : `${witness.size}:${base64UrlEncode(witness.root)}`;
  return [origin, batch, String(count), String(duplicates), rx, tree];
}

function message(values: readonly string[]): Uint8Array {
  return Buffer.from(`${[domain, ...values].join("\n")}\n`, "utf8");
}

function parseTree(text: string): TreeHead | undefined {
  const [size, root] = text.split(":");
  const bytes = root === undefined ? undefined : decoded(root);
  return bytes === undefined ? undefined : { size: Number(size), root: bytes };
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return base64UrlDecode(text);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}
