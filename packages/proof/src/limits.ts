// Every bound this package puts on hostile input, with its unit and the clause that allows it.

/** Tree sizes and indices are JavaScript numbers, exact up to here. */
export const treeLeavesMax: number = Number.MAX_SAFE_INTEGER;

/** A path from a leaf to the root of a tree of `treeLeavesMax` leaves has at most this many hashes. */
export const inclusionHashesMax = 53;

/** A consistency proof has at most one hash more than an inclusion proof (RFC 6962, 2.1.2). */
export const consistencyHashesMax = 54;

/** Verifiers may bound a note but must accept 16 signatures (C2SP signed-note); post-quantum ones reach 5 kB. */
export const noteBytesMax = 1_000_000;
export const noteSignaturesMax = 64;
export const keyNameBytesMax = 255;

/** Room for a checkpoint with every signature, the hashes and the opaque extra line. */
export const proofBytesMax = 1_200_000;

/** An envelope carries a bundle's file list; 64 MiB is about 300,000 files. */
export const envelopeBytesMax = 67_108_864;
export const envelopeSignaturesMax = 16;

/** An entry carries a two-byte length (C2SP tlog-tiles). */
export const entryBytesMax = 65_535;

/** C2SP tlog-policy asks for room for 32 logs, 32 witnesses and 32 groups. */
export const policyBytesMax = 262_144;
export const policyEntriesMax = 256;

/** Shorter auditor seeds could be guessed before the checkpoint is handed over (commit, then seed). */
export const auditorSeedCharsMin = 16;
export const auditorSeedCharsMax = 1_024;

if (consistencyHashesMax <= inclusionHashesMax) {
  throw new RangeError("consistencyHashesMax must exceed inclusionHashesMax");
}
if (proofBytesMax <= noteBytesMax) throw new RangeError("proofBytesMax must exceed noteBytesMax");
