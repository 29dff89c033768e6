import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { latest } from "./record-order.ts";

/** Who the agent worked for: the holder of the credential it reported under. What a payload claims about itself names nobody (contract 3). */
export function principalOf(placed: readonly PlacedRecord[]): string | null {
  const spoken = placed.map(({ record }) => record).filter(isAgentsOwn);
  return latest(spoken.filter(({ actor }) => actor !== undefined))?.actor?.id ?? null;
}

/** Written under a key of kind `agent`, or without a key on loopback. */
export function isAgentsOwn({ src: { auth } }: LedgerRecord): boolean {
  return auth.kind === "agent" || auth.kind === "none";
}
