/**
 * A text without the unit that it may end with, however often. A pattern with `+$` reads a run in the middle of hostile text again from each of its units;
 * this reads the end alone.
 */
export function withoutLast(text: string, unit: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === unit) end--;
  return text.slice(0, end);
}
