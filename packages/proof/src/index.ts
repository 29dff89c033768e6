export { type Accumulator, accumulatorStart, createAccumulator } from "./accumulator.ts";
export { base64Decode, base64Encode, base64UrlDecode, base64UrlEncode } from "./base64.ts";
export { compareBytes, concatBytes, digestBytes, equalBytes } from "./bytes.ts";
export {
  type Checkpoint,
  parseCheckpoint,
  parseSignedCheckpoint,
  printCheckpoint,
  type SignedCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from "./checkpoint.ts";
export {
  type CompactRange,
  type CompactRangeState,
  createCompactRange,
  parseCompactRange,
  printCompactRange,
} from "./compact-range.ts";
export {
  addSignatures,
  cosign,
  type QuorumVerdict,
  verifyQuorum,
  type WitnessPolicy,
  type WitnessSighting,
} from "./cosignature.ts";
export { type Cosignature, cosignedMessage, readCosignature } from "./cosigned-message.ts";
export {
  type Envelope,
  type EnvelopeSignature,
  type EnvelopeVerdict,
  parseEnvelope,
  preAuthenticationEncoding,
  printEnvelope,
  signEnvelope,
  verifyEnvelope,
} from "./dsse.ts";
export { parseEntryBundle, printEntryBundle } from "./entry-bundle.ts";
export { ProofError, type ProofErrorCode } from "./errors.ts";
export { type GrowthProof, parseGrowthProof, printGrowthProof } from "./growth-proof.ts";
export { createTreeHasher, type TreeHasher } from "./hasher.ts";
export { hexDecode, hexEncode } from "./hex.ts";
export { createNoteKey, type NoteKey, type NoteKeyType, parseVkey, printVkey } from "./key.ts";
export {
  type ConsistencyClaim,
  consistencyProof,
  type InclusionClaim,
  inclusionProof,
  merkleRoot,
  type ProofVerdict,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
export {
  createNoteSigner,
  type NoteSignature,
  type NoteSigner,
  type NoteVerdict,
  parseNote,
  printNote,
  type SignedNote,
  signNote,
  verifyNote,
} from "./note.ts";
export type { Sha256, SignatureCheck, SignatureClaim, Signer } from "./ports.ts";
export {
  createSampleRanker,
  type SampledItem,
  type SampleSeedInput,
  sampleMethod,
  sampleSeed,
  selectSample,
} from "./sample.ts";
export { ed25519Spki } from "./spki.ts";
export {
  coveringSubtrees,
  foldSubtrees,
  type HashPlan,
  hashesOfPlan,
  planConsistency,
  planInclusion,
  planRoot,
  type Subtree,
} from "./subtree.ts";
export {
  entryBundlesOfGrowth,
  parseTilePath,
  type Tile,
  tilePath,
  tilesOfGrowth,
  tileWidth,
  tileWidthAt,
} from "./tile.ts";
export { createTileEdge, type TileBytes, type TileEdge } from "./tile-edge.ts";
export {
  createTileProver,
  type TileProver,
  type TileReader,
  tileHashesRoot,
} from "./tile-reader.ts";
export {
  checkTlogProof,
  parseTlogProof,
  printTlogProof,
  type TlogProof,
  type TlogProofCheck,
} from "./tlog-proof.ts";
export {
  parseTrustPolicy,
  type Quorum,
  quorumReached,
  type TrustPolicy,
} from "./trust-policy.ts";
export { utf8Decode, utf8Encode } from "./utf8.ts";
