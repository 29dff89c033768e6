import { isWellFormed, limits, toWellFormed } from "@custody/model";
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
 * before the masks would leave the first half of a secret. Keys are ours, so they are not touched. What is within its bounds is the same object.
 */
export function boundBody<T extends object>(body: T): T {
  return boundMembers(body, (key) => (exemptMembers.has(key) ? boundText : toWellFormed)) as T;
}

/** Bounds every string of an object that redaction does not look at. */
export function boundNames<T extends object>(names: T): T {
  return bounded(names, boundText) as T;
}

type Bound = (text: string) => string;

function bounded(value: unknown, bound: Bound): unknown {
  if (typeof value === "string") return bound(value);
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return boundMembers(value, () => bound);
  const items = value.slice(0, limits.bodyListItemsMax).map((item) => bounded(item, bound));
  const isSame = items.length === value.length && items.every((item, at) => item === value[at]);
  return isSame ? value : items;
}

function boundMembers(value: object, boundOf: (key: string) => Bound): object {
  const members = value as Readonly<Record<string, unknown>>;
  let changed: Map<string, unknown> | undefined;
  for (const key of Object.keys(members)) {
    const member = members[key];
    const kept = bounded(member, boundOf(key));
    if (kept !== undefined && Object.is(kept, member)) continue;
    changed ??= new Map();
    changed.set(key, kept);
  }
  if (changed === undefined) return value;
  const now = changed;
  // `fromEntries` defines and does not assign: a hostile name such as __proto__ stays an ordinary one.
  return Object.fromEntries(
    Object.keys(members)
      .map((key) => [key, now.has(key) ? now.get(key) : members[key]] as const)
      .filter(([, member]) => member !== undefined),
  );
}

/** Attributes as whole text, which redaction masks and cuts, at most `attrsItemsMax`; the count of what did not fit stands in `attrs.dropped`. */
export function boundAttrs(
  attrs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const names = Object.keys(attrs);
  if (names.length === 0) return undefined;
  const isWithin =
    names.length <= limits.attrsItemsMax && names.every((name) => plainKey.test(name));
  if (isWithin && names.every((name) => isWellFormed(attrs[name] ?? ""))) return attrs;
  const kept = names
    .slice(0, limits.attrsItemsMax)
    .map((name) => [attrKey(name), toWellFormed(attrs[name] ?? "")] as const);
  const over = names.length - kept.length;
  return Object.fromEntries(over === 0 ? kept : [...kept, ["attrs.dropped", String(over)]]);
}

/** A key that `attrKey` leaves as it is. */
const plainKey = /^(?!(?:0|[1-9][0-9]*)$)[\x21-\x7e]{1,256}$/;

/** Canonical keys are printable ASCII and not a bare number; a source's own name may be anything. */
function attrKey(key: string): string {
  const ascii = key.replace(/[^\x21-\x7e]/g, "_").slice(0, 256);
  return ascii === "" || /^(0|[1-9][0-9]*)$/.test(ascii) ? `_${ascii}` : ascii;
}
