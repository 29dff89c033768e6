import { storageLimits } from "../limits.ts";

/**
 * The words of a search as the text index cut them: runs of ASCII letters and digits or of anything outside ASCII, ASCII letters in lower case. A search finds
 * what has all of them, in any order; it is never a pattern.
 */
export function searchWords(query: string): readonly string[] {
  const lower = query.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const words = lower.match(/[a-z0-9\u0080-\uffff]+/g) ?? [];
  return [...new Set(words)].slice(0, storageLimits.searchWordsMax);
}
