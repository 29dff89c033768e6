import { createHash } from "node:crypto";
import { type NamedFact, normalise, stamp, type TenantDigest } from "@custody/collector";
import {
  type DoorVerdict,
  parseApproval,
  parseChange,
  parseSandboxAttestation,
  parseSandboxViolation,
  policyDocument,
  readEgress,
} from "@custody/context";
import { createInternalRecords } from "@custody/ledger";
import type { AnyFact, PolicyKind, Principal, Redacted } from "@custody/model";
import { decodeOtlp } from "@custody/otlp";
import { createRedactor } from "@custody/redaction";
import type { Delivery, Door, Key } from "../speech/deliver.ts";
import { wireArguments, wireTool } from "../world/wire-words.ts";
import type { Merge, Notice, Ruling } from "../world/world.ts";

export const tenant = "acme";
export const tenantKey: Uint8Array = Buffer.alloc(32, 7);

/** From a request to records without their time of receipt: the steps of the river, in its own functions. */
export interface Receiver {
  receive(delivery: Delivery): readonly Redacted[];
}

export const timeOf = (ms: number): string =>
  `${new Date(Math.round(ms)).toISOString().slice(0, 23)}000000Z`;

export function createReceiver(digest: TenantDigest): Receiver {
  // Salts hide; they decide nothing that a rule reads.
  const redactor = createRedactor({
    sha256: (text) => createHash("sha256").update(text).digest("base64url"),
    randomBytes: (count) => new Uint8Array(count),
  });
  return {
    receive(delivery) {
      if (delivery.door.name === "notices") return [notice(delivery)];
      const now = timeOf(delivery.at);
      return saidAt(delivery, digest).flatMap(({ facts, key }) =>
        stamp(facts, { digest, principal: principalOf(key), now }).map(
          (stamped) => redactor.redact(stamped).redacted,
        ),
      );
    },
  };
}

interface Said {
  readonly key: Key;
  readonly facts: readonly NamedFact[];
}

function saidAt(delivery: Delivery, digest: TenantDigest): readonly Said[] {
  const { key, door, body } = delivery;
  if (door.name === "logs" || door.name === "traces") {
    const decoded = decodeOtlp(door.name, "json", Buffer.from(body));
    if (decoded.outcome !== "ok") throw new Error(`${decoded.reason} at ${decoded.position}`);
    return [{ key, facts: normalise(decoded.items).facts }];
  }
  if (door.name === "egress") return [{ key, facts: flowsOf(door.source, body) }];
  if (door.name === "policies") return ruled(JSON.parse(body) as Ruling);
  const fact = factAt(door, JSON.parse(body) as Readonly<Record<string, unknown>>, digest);
  return [{ key, facts: [{ dialect: "custody-api", fact }] }];
}

function flowsOf(source: "squid" | "ndjson" | "smokescreen", body: string): readonly NamedFact[] {
  const dialect = source === "ndjson" ? "custody-api" : source;
  return [...readEgress(source, body)].map(({ reading }) => {
    if (reading.outcome !== "flow") throw new Error(`${source}: ${reading.outcome}`);
    return { dialect, fact: reading.fact };
  });
}

function factAt(
  door: Door,
  json: Readonly<Record<string, unknown>>,
  digest: TenantDigest,
): AnyFact {
  switch (door.name) {
    case "sandboxes":
      return ok(parseSandboxAttestation(door.sandbox, json));
    case "violations":
      return ok(parseSandboxViolation(door.sandbox, json));
    case "changes":
      return ok(parseChange(mergeAtDoor(json as unknown as Merge["body"] & { session: string })));
    case "approvals": {
      const { digestOf, seat } = door;
      if (digestOf === undefined) return ok(parseApproval(json));
      // The channel got the digest with the question.
      const action_digest = digest.action(wireTool(seat, digestOf), wireArguments(seat, digestOf));
      return ok(parseApproval({ ...json, action_digest }));
    }
    default:
      throw new Error(`no door ${door.name}`);
  }
}

function ok<T extends AnyFact>(verdict: DoorVerdict<T>): T {
  if (verdict.outcome === "ok") return verdict.fact;
  throw new Error(verdict.reason);
}

/** A merge in the words of the door for changes, which was built after the month was frozen. */
export function mergeAtDoor(merge: Merge["body"] & { readonly session: string }): object {
  const { repo, commit, pr, reviewers, checks_passed, merged_by, merged_ts, session } = merge;
  return {
    repo,
    commit,
    branch: "main",
    protected: true,
    pr: { number: Number(pr) },
    reviewers: reviewers.map((id) => ({ id, kind: "human", verdict: "approved" })),
    checks: [{ name: "tests", status: checks_passed ? "passed" : "failed" }],
    merged_by,
    merged_ts,
    message: `Fix the totals\n\nAssisted-by: Codex\nAgent-Session: ${session}\n`,
  };
}

/** Proposed by one person, approved by another, as the two requests of the policy door write it. */
function ruled(ruling: Ruling): readonly Said[] {
  const { kind, name, version, author, approver } = ruling;
  const checked = policyDocument(kind as PolicyKind, ruling.document);
  if (checked.outcome !== "ok") throw new Error(`${kind}: ${JSON.stringify(checked.problems)}`);
  const digest = createHash("sha256").update(checked.digestText).digest("hex");
  const shared = { kind: kind as PolicyKind, name, version, digest, author };
  const said = (subject: string, fact: AnyFact): Said => ({
    key: { method: "bearer", kind: "authority", subject },
    facts: [{ dialect: "custody-api", fact }],
  });
  const key = [kind, name, String(version)];
  return [
    said(author, {
      class: "policy",
      key: ["proposed", ...key],
      body: { event: "proposed", ...shared, document: checked.document },
    }),
    said(approver, {
      class: "policy",
      key: ["approved", ...key],
      body: { event: "approved", ...shared, approver },
    }),
  ];
}

function principalOf({ observes, ...auth }: Key): Principal {
  return { tenant, auth, ...(observes === undefined ? {} : { observes }) };
}

/** What Custody writes of itself: its reads and its checks. */
function notice({ at, body }: Delivery): Redacted {
  const said = JSON.parse(body) as Notice;
  const own = createInternalRecords({
    tenant,
    key: tenantKey,
    clock: { now: () => timeOf(at) },
    source: "custody",
    epoch: "",
  });
  const key = [said.class, said.actor, String(said.at)];
  const actor = { id: said.actor, type: "human" as const };
  return said.class === "access"
    ? own.record({ class: "access", key, actor, body: said.body as never })
    : own.record({ class: "integrity", key, body: said.body as never });
}
