/** `trace_` and 32 hex digits, `span_` and 24 of which the first 16 are kept: OTLP has no room for more. */
const ownTrace = /^trace_([0-9a-f]{32})$/i;
const ownSpan = /^span_([0-9a-f]{16})[0-9a-f]{8}$/i;

/** Characters of an id that an application chose itself; a longer one names nothing. */
const idCharsMax = 256;

/** The SDK lets an application choose ids of its own; those are folded, so that equal ids stay equal. */
export function traceIdOf(id: string | undefined): string | undefined {
  return id && (ownTrace.exec(id)?.[1]?.toLowerCase() ?? folded(id, 4));
}

export function spanIdOf(id: string | undefined): string | undefined {
  return id && (ownSpan.exec(id)?.[1]?.toLowerCase() ?? folded(id, 2));
}

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a, once for each eight digits. Nobody is kept from finding two equal ones, nor needs to be: whoever sends an id may send any id. */
function folded(id: string, words: number): string | undefined {
  if (id.length > idCharsMax) return undefined;
  let digits = "";
  for (let word = 1; word <= words; word++) {
    let hash = fnvOffset ^ word;
    for (let at = 0; at < id.length; at++) {
      hash = Math.imul(hash ^ id.charCodeAt(at), fnvPrime);
      hash ^= hash >>> 15;
    }
    digits += (hash >>> 0).toString(16).padStart(8, "0");
  }
  return digits;
}
