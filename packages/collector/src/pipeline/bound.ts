import { limits, toWellFormed } from "@custody/model";
import { exemptMembers } from "@custody/redaction";

/** A string that a record may hold: well formed and at most `bodyStringBytesMax` bytes; a longer one ends in `…`. */
export function boundText(text: string, bytesMax: number = limits.bodyStringBytesMax): string {
  const whole = toWellFormed(text);
  if (whole.length * 3 <= bytesMax || Buffer.byteLength(whole) <= bytesMax) return whole;
  const cut = Buffer.from(whole).subarray(0, bytesMax - 3);
  return `${new TextDecoder().decode(cut).replace(/\uFFFD+$/, "")}…`;
}

/**
 * Bounds the lists of a body, and the strings that no mask may cover. All other strings stay whole: redaction cuts them, because a cut
 * before the masks would leave the first half of a secret. Keys are ours, so they are not touched.
 */
export function boundBody<T extends object>(body: T): T {
  const entries = Object.entries(body)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => [
      key,
      bounded(member, exemptMembers.has(key) ? boundText : toWellFormed),
    ]);
  return Object.fromEntries(entries) as T;
}

/** Bounds every string of an object that redaction does not look at. */
export function boundNames<T extends object>(names: T): T {
  return bounded(names, boundText) as T;
}

function bounded(value: unknown, bound: (text: string) => string): unknown {
  if (typeof value === "string") return bound(value);
  if (Array.isArray(value)) {
    return value.slice(0, limits.bodyListItemsMax).map((item) => bounded(item, bound));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(entries.map(([key, member]) => [key, bounded(member, bound)]));
  }
  return value;
}

/** Attributes as whole text, which redaction masks and cuts, at most `attrsItemsMax`; the count of what did not fit stands in `attrs.dropped`. */
export function boundAttrs(
  attrs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(attrs);
  if (entries.length === 0) return undefined;
  const kept = entries
    .slice(0, limits.attrsItemsMax)
    .map(([key, text]) => [attrKey(key), toWellFormed(text)] as const);
  const over = entries.length - kept.length;
  return Object.fromEntries(over === 0 ? kept : [...kept, ["attrs.dropped", String(over)]]);
}

/** Canonical keys are printable ASCII and not a bare number; a source's own name may be anything. */
function attrKey(key: string): string {
  const ascii = key.replace(/[^\x21-\x7e]/g, "_").slice(0, 256);
  return ascii === "" || /^(0|[1-9][0-9]*)$/.test(ascii) ? `_${ascii}` : ascii;
}
