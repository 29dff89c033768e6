import { cosignedMessage, printCosignature, readCosignature } from "./cosigned-message.ts";
import { ProofError } from "./errors.ts";
import { hexEncode } from "./hex.ts";
import { createNoteKey, type NoteKey } from "./key.ts";
import { type NoteSignature, printNote, type SignedNote, verifyNote } from "./note.ts";
import type { Sha256, SignatureCheck, Signer } from "./ports.ts";
import { utf8Encode } from "./utf8.ts";

/** Which witnesses an auditor believes, and how many of them must have seen one tree. */
export interface WitnessPolicy {
  readonly witnesses: readonly NoteKey[];
  /** At least 1: a quorum of none would be met by silence. */
  readonly quorum: number;
}

export interface WitnessSighting {
  readonly witness: NoteKey;
  readonly timeSeconds: number;
}

export type QuorumVerdict =
  | { readonly verdict: "met" | "short"; readonly sightings: readonly WitnessSighting[] }
  | { readonly verdict: "forged"; readonly witness: NoteKey };

/** One witness's signature line over a checkpoint that it found consistent with everything it saw before. */
export async function cosign(
  sha256: Sha256,
  note: SignedNote,
  witness: { readonly name: string; readonly signer: Signer; readonly timeSeconds: number },
): Promise<NoteSignature> {
  const { name, signer, timeSeconds } = witness;
  const key = createNoteKey(sha256, { name, type: "cosignature", publicKey: signer.publicKey });
  const signature = await signer.sign(cosignedMessage(timeSeconds, utf8Encode(note.text)));
  return { name, keyId: key.id, signature: printCosignature({ timeSeconds, signature }) };
}

/** Adds signature lines behind those that are there; what they sign stays untouched. */
export function addSignatures(note: SignedNote, added: readonly NoteSignature[]): string {
  return printNote({ text: note.text, signatures: [...note.signatures, ...added] });
}

/**
 * Counts distinct public keys, not lines and not names: a witness that signs twice, or under two names,
 * is one witness (C2SP tlog-cosignature does not commit the name, so a key must not serve two).
 */
export async function verifyQuorum(
  check: SignatureCheck,
  note: SignedNote,
  { witnesses, quorum }: WitnessPolicy,
): Promise<QuorumVerdict> {
  if (!Number.isSafeInteger(quorum) || quorum < 1) {
    throw new ProofError("COSIGNATURE_QUORUM", `quorum ${quorum} is not at least 1`);
  }
  const known = witnesses.filter(({ type }) => type === "cosignature");
  const verdict = await verifyNote(check, note, known);
  if (verdict.verdict === "forged") return { verdict: "forged", witness: verdict.key };
  const keys = verdict.verdict === "verified" ? verdict.keys : [];
  const sightings = distinctKeys(keys).map((witness) => ({
    witness,
    timeSeconds: latestSighting(note, witness),
  }));
  return { verdict: sightings.length >= quorum ? "met" : "short", sightings };
}

function distinctKeys(keys: readonly NoteKey[]): NoteKey[] {
  const byPublicKey = new Map(keys.map((key) => [hexEncode(key.publicKey), key]));
  return [...byPublicKey.values()];
}

function latestSighting({ signatures }: SignedNote, { name, id }: NoteKey): number {
  const times = signatures
    .filter((signature) => signature.name === name && signature.keyId === id)
    .map(({ signature }) => readCosignature(signature)?.timeSeconds ?? 0);
  return Math.max(0, ...times);
}
