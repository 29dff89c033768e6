import {
  asRedacted,
  type Disclosure,
  limits,
  type Redacted,
  type Stamped,
  toWellFormed,
} from "@custody/model";
import { secretNameRule } from "./assignment-rules.ts";
import { type CommitmentPorts, createCommitments } from "./commitment.ts";
import { cutToBytes } from "./cut.ts";
import { exemptMembers } from "./exempt.ts";
import { type Counts, type Masked, maskMark, maskText } from "./mask.ts";

export interface Redaction {
  readonly redacted: Redacted;
  /** Masks made in this record, by rule. */
  readonly masked: Readonly<Record<string, number>>;
}

export interface Redactor {
  /** Pure but for the salts. The same secret twice is two masks. Never throws for what a source sent. */
  redact(stamped: Stamped): Redaction;
}

/** What one record's redaction has seen so far. */
interface Pass {
  readonly counts: Counts;
  /** Body members and attributes that were cut. */
  readonly cut: string[];
}

/** The only maker of `Redacted`: masks first, then replaces content by salted commitments (design 3, step redact). */
export function createRedactor(ports: CommitmentPorts): Redactor {
  const commit = createCommitments(ports);
  return {
    redact: (stamped) => {
      const pass: Pass = { counts: {}, cut: [] };
      const disclosures: Disclosure[] = [];
      const sd = new Map<string, string>();
      const cutContent: string[] = [];
      for (const { path, text } of stamped.content) {
        const kept = maskContent(path, text, pass.counts);
        if (kept.cut) cutContent.push(path);
        const { disclosure, digest } = commit(path, kept.text);
        disclosures.push({ path, disclosure });
        sd.set(path, digest);
      }
      const { record } = stamped;
      const says = record.class === "observation";
      const walked = maskMembers(record.body, "", 0, pass);
      const body = cutContent.length > 0 && says ? { ...walked, truncated: true } : walked;
      const attrs = maskAttributes(record.attrs, pass, says ? [] : cutContent);
      return {
        redacted: asRedacted({
          record: {
            ...record,
            body,
            ...(attrs === undefined ? {} : { attrs }),
            ...(disclosures.length === 0 ? {} : { sd: Object.fromEntries(sd) }),
          },
          claim: stamped.claim,
          disclosures,
        }),
        masked: pass.counts,
      };
    },
  };
}

/** Content is cut after masking, so that the cut never leaves half of a secret; the rough cut first bounds the work. */
function maskContent(path: string, text: string, counts: Counts): Masked {
  const formed = toWellFormed(text);
  const named = maskNamed(path, formed, counts);
  if (named !== undefined) return { text: named, cut: false };
  const bytes = Buffer.byteLength(formed, "utf8");
  if (bytes <= limits.contentValueBytesMax) return maskText(formed, counts);
  return { text: maskStart(formed, limits.contentValueBytesMax, counts), cut: true };
}

/** Masks and cuts a text that is far too long: what lies past the rough cut is never looked at. */
function maskStart(text: string, bytesMax: number, counts: Counts): string {
  const { text: kept } = maskText(text.slice(0, bytesMax + slackUnits), counts, bytesMax);
  return cutToBytes(toWellFormed(kept), bytesMax, Buffer.byteLength(text, "utf8"));
}

/** How far past the rough cut a secret may reach and still be known as one. */
const slackUnits = 8_192;

/** A value that stands in a member named like a secret is one, whatever it looks like. */
function maskNamed(name: string, text: string, counts: Counts): string | undefined {
  const rule = text === "" ? undefined : secretNameRule(name);
  if (rule === undefined) return undefined;
  counts[rule] = (counts[rule] ?? 0) + 1;
  return maskMark(rule);
}

function maskString(name: string, path: string, text: string, pass: Pass): string {
  const formed = toWellFormed(text);
  const named = maskNamed(name, formed, pass.counts);
  if (named !== undefined) return named;
  if (formed.length <= limits.bodyStringBytesMax + slackUnits) {
    return cutString(path, maskText(formed, pass.counts).text, pass);
  }
  pass.cut.push(path);
  return maskStart(formed, limits.bodyStringBytesMax, pass.counts);
}

function cutString(path: string, text: string, pass: Pass): string {
  // No string has more bytes than three times its units.
  if (text.length * 3 <= limits.bodyStringBytesMax) return text;
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes <= limits.bodyStringBytesMax) return text;
  pass.cut.push(path);
  return cutToBytes(text, limits.bodyStringBytesMax, bytes);
}

/** The canonical form refuses deeper values, so nothing below is ever stored. */
const depthMax = 64;

/** Walks a body; what did not change is the same object. */
function maskMembers<T>(value: T, path: string, depth: number, pass: Pass): T;
function maskMembers(value: unknown, path: string, depth: number, pass: Pass): unknown {
  if (typeof value === "string") {
    return maskString(path.slice(path.lastIndexOf(".") + 1), path, value, pass);
  }
  if (value === null || typeof value !== "object" || depth > depthMax) return value;
  if (isList(value)) {
    const items = value.map((item) => maskMembers(item, path, depth + 1, pass));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [name, member] of membersOf(value)) {
    if (depth === 0 && exemptMembers.has(name)) continue;
    const masked = maskMembers(member, depth === 0 ? name : `${path}.${name}`, depth + 1, pass);
    if (masked !== member) {
      changed ??= { ...value };
      changed[name] = masked;
    }
  }
  return changed ?? value;
}

function membersOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value);
}

/** `Array.isArray` makes of `unknown` a list of `any`. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

type Attributes = Readonly<Record<string, string>>;

function maskAttributes(
  attrs: Attributes | undefined,
  pass: Pass,
  cutContent: readonly string[],
): Attributes | undefined {
  const changes = new Map<string, string>();
  for (const [name, text] of Object.entries(attrs ?? {})) {
    const masked = maskString(name, `attrs.${name}`, text, pass);
    if (ourWord(name)) changes.set(`claimed.${name}`, masked);
    else if (masked !== text) changes.set(name, masked);
  }
  for (const [rule, count] of Object.entries(pass.counts)) {
    changes.set(`redacted.${rule}`, String(count));
  }
  if (cutContent.length > 0) changes.set("content.truncated", cutContent.join(","));
  if (pass.cut.length > 0) {
    changes.set("body.truncated", cutString("", pass.cut.join(","), pass));
  }
  if (changes.size === 0) return attrs;
  const kept = Object.entries(attrs ?? {}).filter(([name]) => !ourWord(name));
  // `fromEntries` defines and does not assign: a hostile name such as __proto__ stays an ordinary one.
  return Object.fromEntries([...kept, ...changes]);
}

/** A source cannot say in our words what was masked or cut. */
function ourWord(name: string): boolean {
  return name.startsWith("redacted.") || name === "content.truncated" || name === "body.truncated";
}
