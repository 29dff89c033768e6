import { ProofError } from "./errors.ts";
import { hexEncode } from "./hex.ts";
import { type NoteKey, type NoteKeyType, parseVkey } from "./key.ts";
import { policyBytesMax, policyEntriesMax } from "./limits.ts";
import type { Sha256 } from "./ports.ts";
import { utf8Decode } from "./utf8.ts";

/** A rule over witnesses: one of them, or at least `threshold` of some rules. */
export type Quorum =
  | { readonly kind: "witness"; readonly key: NoteKey }
  | { readonly kind: "group"; readonly threshold: number; readonly members: readonly Quorum[] };

/** C2SP tlog-policy: which logs a verifier knows, which witnesses, and whose sight of a tree it asks for. */
export interface TrustPolicy {
  readonly logs: readonly NoteKey[];
  readonly witnesses: readonly NoteKey[];
  /** Absent for `quorum none`. */
  readonly quorum?: Quorum;
}

interface Draft {
  readonly sha256: Sha256;
  readonly logs: NoteKey[];
  readonly witnesses: NoteKey[];
  readonly rules: Map<string, Quorum>;
  /** A name counts towards one group only, so that no witness counts twice. */
  readonly used: Set<string>;
  quorum?: Quorum | "none";
}

const statements: Readonly<Record<string, (draft: Draft, items: readonly string[]) => void>> = {
  log: addLog,
  witness: addWitness,
  group: addGroup,
  quorum: setQuorum,
};

export function parseTrustPolicy(sha256: Sha256, bytes: Uint8Array): TrustPolicy {
  if (bytes.length > policyBytesMax) {
    throw new ProofError(
      "POLICY_LIMIT",
      `policy of ${bytes.length} bytes exceeds ${policyBytesMax}`,
    );
  }
  const draft: Draft = { sha256, logs: [], witnesses: [], rules: new Map(), used: new Set() };
  for (const line of utf8Decode(bytes).split("\n")) {
    const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== "");
    if (keyword === undefined || keyword.startsWith("#")) continue;
    const statement = Object.hasOwn(statements, keyword) ? statements[keyword] : undefined;
    if (statement === undefined) throw new ProofError("POLICY_FORMAT", "unknown policy line");
    statement(draft, items);
    if (draft.logs.length + draft.rules.size > policyEntriesMax) {
      throw new ProofError("POLICY_LIMIT", `policy has more than ${policyEntriesMax} entries`);
    }
  }
  const { logs, witnesses, quorum } = draft;
  if (quorum === undefined) throw new ProofError("POLICY_FORMAT", "policy has no quorum line");
  return { logs, witnesses, ...(quorum === "none" ? {} : { quorum }) };
}

function addLog({ sha256, logs }: Draft, items: readonly string[]): void {
  logs.push(keyOf(sha256, items, 0, "ed25519", logs));
}

function addWitness(draft: Draft, items: readonly string[]): void {
  const key = keyOf(draft.sha256, items, 1, "cosignature", draft.witnesses);
  draft.witnesses.push(key);
  define(draft, items[0], { kind: "witness", key });
}

function addGroup(draft: Draft, items: readonly string[]): void {
  const [name, count, ...names] = items;
  const members = names.map((member) => take(draft, member));
  const words: Readonly<Record<string, number>> = { any: 1, all: members.length };
  const threshold = /^[1-9]\d{0,2}$/.test(count ?? "") ? Number(count) : (words[count ?? ""] ?? 0);
  if (threshold < 1 || threshold > members.length) {
    throw new ProofError("POLICY_FORMAT", "group threshold does not fit its members");
  }
  define(draft, name, { kind: "group", threshold, members });
}

function setQuorum(draft: Draft, items: readonly string[]): void {
  const [name, ...rest] = items;
  if (name === undefined || rest.length > 0 || draft.quorum !== undefined) {
    throw new ProofError("POLICY_FORMAT", "policy needs exactly one quorum");
  }
  draft.quorum = name === "none" ? "none" : take(draft, name);
}

function keyOf(
  sha256: Sha256,
  items: readonly string[],
  at: number,
  type: NoteKeyType,
  others: readonly NoteKey[],
): NoteKey {
  // An optional URL may follow the key; offline verification has no use for it.
  if (items.length < at + 1 || items.length > at + 2) {
    throw new ProofError("POLICY_FORMAT", "policy line has too few or too many items");
  }
  const key = parseVkey(sha256, items[at] ?? "");
  const publicKey = hexEncode(key.publicKey);
  if (key.type !== type || others.some((other) => hexEncode(other.publicKey) === publicKey)) {
    throw new ProofError("POLICY_FORMAT", "policy key is of the wrong type, or listed twice");
  }
  return key;
}

function define({ rules }: Draft, name: string | undefined, rule: Quorum): void {
  if (name === undefined || name === "none" || rules.has(name)) {
    throw new ProofError("POLICY_FORMAT", "policy name is missing, reserved or defined twice");
  }
  rules.set(name, rule);
}

function take({ rules, used }: Draft, name: string): Quorum {
  const rule = rules.get(name);
  if (rule === undefined || used.has(name)) {
    throw new ProofError("POLICY_FORMAT", "policy name is undefined or used twice");
  }
  used.add(name);
  return rule;
}

/** Whether the witnesses that saw a tree satisfy the rule. */
export function quorumReached(quorum: Quorum, seenBy: ReadonlySet<NoteKey>): boolean {
  if (quorum.kind === "witness") return seenBy.has(quorum.key);
  return quorum.members.filter((rule) => quorumReached(rule, seenBy)).length >= quorum.threshold;
}
