import { contextLimits } from "./limits.ts";

const assignment = /^([A-Za-z_][A-Za-z0-9_]{0,127})=/;
const declarers: ReadonlySet<string> = new Set([
  "export",
  "declare",
  "local",
  "readonly",
  "typeset",
]);

/** What a text itself says of its variables. */
export interface Variables {
  /** Undefined of one that the text does not set, and where too much was expanded already. */
  valueOf(name: string): string | undefined;
  /** True of a word that sets one, or says that the next one does. */
  assign(word: string, isUnknown: boolean): boolean;
  /** False where that much may not be expanded any more. */
  spend(units: number): boolean;
}

export function createVariables(): Variables {
  const values = new Map<string, string>([["IFS", " "]]);
  let left: number = contextLimits.expandedUnitsMax;
  const spend = (units: number): boolean => {
    if (units > left) return false;
    left -= units;
    return true;
  };
  return {
    spend,
    valueOf(name) {
      const value = values.get(name);
      return value !== undefined && spend(value.length + 1) ? value : undefined;
    },
    assign(word, isUnknown) {
      const [prefix, name = ""] = assignment.exec(word.slice(0, 160)) ?? [];
      if (prefix === undefined) return declarers.has(word);
      if (isUnknown) values.delete(name);
      else values.set(name, word.slice(prefix.length));
      return true;
    },
  };
}
