import { createRandom, type Random } from "../../support/random.ts";

/** Chance from a seed, with the draws that a month of work needs. */
export interface Chance extends Random {
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
  /** A version 4 UUID. */
  uuid(): string;
  /** Chance of its own for a part: what one part draws more or less moves nothing in another. */
  part(name: string): Chance;
}

export function createChance(seed: number): Chance {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random.next() * list.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  };
  const uuid = (): string => {
    const { hex } = random;
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  };
  return {
    ...random,
    pick,
    uuid,
    chance: (share) => random.next() < share,
    part: (name) => createChance(mixed(seed, name)),
  };
}

/** FNV-1a over the seed and a name. */
function mixed(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
