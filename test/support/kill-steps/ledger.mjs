import { appendFileSync } from "node:fs";
import * as ledger from "@custody/ledger";
import { pass } from "./countdown.mjs";

export * from "@custody/ledger";

const { SIGNED_LOG } = process.env;

/** @type {typeof ledger.openLedgers} */
export const openLedgers = (input) =>
  // More seals in a short run: more checkpoints to compare.
  ledger.openLedgers({ ...input, onStep: pass, limits: { ...input.limits, sealAgeMsMin: 100 } });

/** Keeps every message but receipts that was ever signed, before anybody can see the signature. */
export async function ensureFileSigner(path) {
  const signer = await ledger.ensureFileSigner(path);
  return {
    ...signer,
    async sign(message) {
      const bytes = Buffer.from(message);
      if (!bytes.toString("latin1").startsWith("custody-receipt/")) {
        appendFileSync(SIGNED_LOG, `${bytes.toString("base64")}\n`);
      }
      return signer.sign(message);
    },
  };
}
