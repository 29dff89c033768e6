import { describeCall } from "@custody/context";
import { dialectVersion } from "@custody/dialects";
import {
  type Actor,
  type AnyFact,
  asStamped,
  type Body,
  type Grade,
  type Principal,
  type RecordClass,
  type RecordDraft,
  recordVersion,
  type Source,
  type Stamped,
  toWellFormed,
} from "@custody/model";
import { boundAttrs, boundBody, boundNames, boundText } from "./bound.ts";
import type { NamedFact } from "./normalise.ts";
import type { TenantDigest } from "./tenant-digest.ts";

export interface StampPorts {
  readonly digest: TenantDigest;
  readonly principal: Principal;
  /** Stands in where a source has no time. */
  readonly now: string;
}

/**
 * Adds what only we can know of a fact: its id, who said it under which credential, and so its grade. Stateless (design 3):
 * nothing here looks at another record. What the payload claims about identity stays a claim.
 */
export function stamp(facts: readonly NamedFact[], ports: StampPorts): readonly Stamped[] {
  const occurrences = new Map<string, number>();
  return facts.map(({ dialect, fact }) => stampOne(dialect, fact, ports, occurrences));
}

function stampOne(
  dialect: string,
  fact: AnyFact,
  { digest, principal, now }: StampPorts,
  occurrences: Map<string, number>,
): Stamped {
  const { auth } = principal;
  const claim = digest.claim([dialect, fact]);
  const key = fact.key ?? occurrenceKey(claim, occurrences);
  const id = digest.recordId(auth.subject, dialect, [fact.class, ...key]);
  const attrs = boundAttrs(attributesOf(fact, digest, principal));
  const record: Writable<RecordDraft> = {
    body: bodyOf(fact, digest, principal),
    class: fact.class,
    dialect: dialectOf(dialect),
    grade: gradeOf(fact, principal),
    id,
    nonce: digest.nonce(id),
    src: sourceOf(fact, principal),
    tenant: principal.tenant,
    ts: fact.ts ?? now,
    v: recordVersion,
  };
  const actor = actorOf(principal);
  if (actor !== undefined) record.actor = actor;
  if (fact.agent !== undefined) record.agent = boundNames(fact.agent);
  if (attrs !== undefined) record.attrs = attrs;
  if (fact.vantage !== undefined) record.vantage = fact.vantage;
  if (fact.end !== undefined) record.end = fact.end;
  for (const name of textFields) {
    const text = fact[name];
    if (text !== undefined && text !== "") record[name] = boundText(text, 256);
  }
  const content = Object.entries(fact.content ?? {}).map(([path, text]) => ({
    path,
    text: toWellFormed(text),
  }));
  return asStamped({ record, claim, content });
}

/** Without a natural key: what was said, and which time it was said within this delivery. */
function occurrenceKey(claim: string, occurrences: Map<string, number>): readonly string[] {
  const nth = occurrences.get(claim) ?? 0;
  occurrences.set(claim, nth + 1);
  return ["content", claim, String(nth)];
}

/** Observers and authorities are not the agent: what they say was observed (design 2). */
function gradeOf(fact: AnyFact, { auth }: Principal): Grade {
  if (fact.inferred === true) return "inferred";
  return auth.kind === "observer" || auth.kind === "authority" ? "observed" : "reported";
}

function actorOf({ auth }: Principal): Actor | undefined {
  if (auth.kind === "authority") return { id: auth.subject, type: "human" };
  return auth.method === "bearer" ? { id: auth.subject, type: "service" } : undefined;
}

const pseudonymised = /user|email|principal|account|person|owner/;

function attributesOf(
  fact: AnyFact,
  digest: TenantDigest,
  { auth }: Principal,
): Record<string, string> {
  // Ours stands first, so that a source with many attributes cannot push it over the limit, nor say it itself.
  const ours: Record<string, string> = fact.ts === undefined ? { "time.source": "rx" } : {};
  // So that a person who approves under their own key is told from the one whom an agent says it works for, whose name is a pseudonym.
  if (fact.class === "approval" && auth.kind === "authority") {
    ours["approver.pseudonym"] = digest.pseudonym(auth.subject);
  }
  const attrs: Record<string, string> = { ...ours, ...fact.attrs, ...ours };
  for (const [name, text] of Object.entries(fact.claimed ?? {})) {
    attrs[`claimed.${name}`] = pseudonymised.test(name) ? digest.pseudonym(text) : text;
  }
  return attrs;
}

/** Overwrites every body field that the credential decides, and adds what the arguments themselves say. */
function bodyOf(
  fact: AnyFact,
  digest: TenantDigest,
  { auth, observes }: Principal,
): Body<RecordClass> {
  // A policy is read and bounded at the door, and its document may be longer than a body string.
  const body = fact.class === "policy" ? fact.body : boundBody(fact.body);
  const observer = auth.kind === "observer";
  switch (fact.class) {
    case "egress":
      return {
        ...(body as Body<"egress">),
        via: observer ? (observes === "sandbox_net" ? "sandbox_net" : "proxy") : "agent",
      };
    case "sandbox":
      return { ...(body as Body<"sandbox">), attested_by: observer ? "runtime" : "agent" };
    case "approval": {
      const approval = body as Body<"approval">;
      if (auth.kind !== "authority") return approval;
      const [tool, shown] = [approval.tool, fact.content?.["arguments"]];
      const bound =
        tool === undefined || shown === undefined
          ? {}
          : { action_digest: digest.action(tool, toWellFormed(shown)) };
      return { ...approval, approver: auth.subject, ...bound };
    }
    case "integrity":
      // Every other kind is the ledger's own word: of gaps, conflicts, what was verified. A source tells only what it counted itself, and an
      // observer's inventory who should report.
      return { ...(body as Body<"integrity">), kind: integrityKind(fact.body.kind, observer) };
    case "decision":
    case "tool_call": {
      const call = body as Body<"decision"> | Body<"tool_call">;
      const text = fact.content?.["arguments"];
      return {
        ...call,
        ...boundBody(describeCall(call.tool, call.kind, text)),
        ...(text === undefined
          ? {}
          : { action_digest: digest.action(call.tool, toWellFormed(text)) }),
      };
    }
    default:
      return body;
  }
}

function integrityKind(
  kind: Body<"integrity">["kind"],
  observer: boolean,
): Body<"integrity">["kind"] {
  return observer && kind === "expected" ? kind : "tally";
}

const textFields = ["call", "parent", "session", "span", "trace", "turn"] as const;

/** While it is built: no object is made a member. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

function dialectOf(name: string): RecordDraft["dialect"] {
  return { name, version: dialectVersion(name) ?? "1" };
}

function sourceOf({ seq }: AnyFact, { auth }: Principal): Source {
  const epoch = boundText(seq?.epoch ?? "");
  const id = boundText(seq?.id ?? auth.subject);
  return seq === undefined ? { auth, epoch, id } : { auth, epoch, id, seq: seq.n };
}
