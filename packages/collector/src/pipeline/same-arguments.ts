import { isWellFormed } from "@custody/model";

/** Longer arguments are taken as they are, in UTF-16 units. */
const jsonUnitsMax = 1_048_576;

/**
 * One spelling of JSON arguments: without the space between its parts, and every string escaped in one way. A model's answer and the span that
 * carries it out spell the same arguments differently. Nothing else is touched, not the order of members, not a name said twice, not the
 * digits of a number: what another reader could take for something else stays something else. What is no JSON stays as it is.
 */
export function sameArguments(text: string): string {
  if (text.length > jsonUnitsMax || !/^\s*[[{]/.test(text) || !isJson(text)) return text;
  if (isSpelledSo(text)) return text;
  return text.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\n\r]+/g, (_, string: string | undefined) =>
    string === undefined ? "" : JSON.stringify(JSON.parse(string)),
  );
}

/** Most models write it so: nothing between the parts, and nothing escaped. */
function isSpelledSo(json: string): boolean {
  if (json.includes("\\") || !isWellFormed(json)) return false;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === quote) inString = !inString;
    else if (!inString && unit <= blank) return false;
  }
  return true;
}

const quote = 0x22;
/** Of all that JSON allows between its parts, the one with the greatest code. */
const blank = 0x20;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
