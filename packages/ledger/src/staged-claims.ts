import type { ClaimMatch, ClaimTable } from "./claim-table.ts";
import { hexOf } from "./digest.ts";

/** The claims of one batch that is not on the disk yet, over the table of those that are. A batch that fails drops them with it. */
export interface StagedClaims {
  find(id: Uint8Array, idHex: string, claim: Uint8Array): ClaimMatch;
  stage(idHex: string, claim: Uint8Array, leaf: number): void;
}

interface Staged {
  readonly claim: Uint8Array;
  readonly leaf: number;
}

export function stageClaims(table: ClaimTable): StagedClaims {
  const staged = new Map<string, Staged[]>();
  return {
    find(id, idHex, claim) {
      const known = table.find(id, claim);
      if (known.kind === "duplicate") return known;
      const here = staged.get(idHex);
      if (here === undefined) return known;
      const same = hexOf(claim);
      if (here.some((entry) => hexOf(entry.claim) === same)) return { kind: "duplicate" };
      const [oldest] = here;
      // The table's claim is older than any of this batch.
      if (known.kind === "conflict" || oldest === undefined) return known;
      return { kind: "conflict", claim: oldest.claim, leaf: oldest.leaf };
    },
    stage(idHex, claim, leaf) {
      const here = staged.get(idHex);
      if (here === undefined) staged.set(idHex, [{ claim, leaf }]);
      else here.push({ claim, leaf });
    },
  };
}
