import { contextLimits } from "./limits.ts";

const mark = "{}";

/** Words with what `find` and `xargs` put into the place of `{}`. Where that would come to more than a text may, the word stays as it is written. */
export function handedWords(words: readonly string[], value: string): readonly string[] {
  let left: number = contextLimits.expandedUnitsMax;
  return words.map((word) => {
    if (!word.includes(mark)) return word;
    const parts = word.split(mark);
    const units = word.length + (parts.length - 1) * value.length;
    if (units > left) return word;
    left -= units;
    return parts.join(value);
  });
}
