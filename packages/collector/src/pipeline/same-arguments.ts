/** Longer arguments are taken as they are, in UTF-16 units. */
const jsonUnitsMax = 1_048_576;

/**
 * One spelling of JSON arguments: without the space between its parts, and every string escaped in one way. A model's answer and the span that
 * carries it out spell the same arguments differently. Nothing else is touched, not the order of members, not a name said twice, not the
 * digits of a number: what another reader could take for something else stays something else. What is no JSON stays as it is.
 */
export function sameArguments(text: string): string {
  if (text.length > jsonUnitsMax || !/^\s*[[{]/.test(text) || !isJson(text)) return text;
  return text.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\n\r]+/g, (_, string: string | undefined) =>
    string === undefined ? "" : JSON.stringify(JSON.parse(string)),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
