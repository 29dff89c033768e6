import { hash } from "node:crypto";
import type { InternalFact } from "@custody/ledger";
import type {
  AnyFact,
  CommitVerdict,
  Principal,
  Redacted,
  SignalView,
  Stamped,
} from "@custody/model";
import { createRedactor } from "@custody/redaction";
import type { DriftCount } from "../drift-counts.ts";
import { driftFact } from "../drift-record.ts";
import { type ActionDigest, actionDigests } from "../jobs/named-actions.ts";
import { noiseFact } from "../noise-record.ts";
import type { CollectorPorts, TenantLedger } from "../ports.ts";
import { type NamedFact, normalise } from "./normalise.ts";
import { stamp } from "./stamp.ts";
import { createTenantDigest, type TenantDigest } from "./tenant-digest.ts";

/** What a delivery became. `facts` counts records offered to the ledger, duplicates included. */
interface Delivered {
  readonly verdict: CommitVerdict;
  readonly facts: number;
  readonly opaque: number;
  readonly noise: number;
  readonly drift: readonly DriftCount[];
  /** Record ids of the facts, in their order. */
  readonly ids: readonly string[];
  readonly ledger: TenantLedger;
}

/** Told of everything that was committed, so that joins can be looked for once it is stored. */
export type Observer = (
  tenant: string,
  facts: readonly AnyFact[],
  committed: number,
  digests: readonly ActionDigest[],
) => void;

export interface River {
  /** Items of an OTLP request: normalise, stamp, redact, commit. Resolves when durable, or with why not. */
  items(principal: Principal, items: readonly SignalView[]): Promise<Delivered>;
  /** Facts that were read at the door of another path (egress lines, sandboxes, approvals, policies). */
  facts(
    principal: Principal,
    facts: readonly NamedFact[],
    noise?: ReadonlyMap<string, number>,
  ): Promise<Delivered>;
}

/** The river as one readable function: the order of the steps is held by their types. */
export function createRiver(ports: CollectorPorts, observe: Observer): River {
  const redactor = createRedactor({
    sha256: (text: string) => hash("sha256", text, "base64url"),
    randomBytes: (count: number) => ports.random.bytes(count),
  });
  const redact = (stamped: readonly Stamped[]): readonly Redacted[] =>
    stamped.map((record) => redactor.redact(record).redacted);
  const digests = new Map<string, TenantDigest>();
  const digestOf = (tenant: string, ledger: TenantLedger): TenantDigest => {
    const known = digests.get(tenant) ?? createTenantDigest(tenant, ledger.hmacKey);
    digests.set(tenant, known);
    return known;
  };

  const commit = async (
    principal: Principal,
    facts: readonly NamedFact[],
    own: readonly InternalFact[],
  ): Promise<Pick<Delivered, "verdict" | "ids" | "ledger">> => {
    const { tenant } = principal;
    const ledger = await ports.tenant(tenant);
    const digest = digestOf(tenant, ledger);
    const stamped = stamp(facts, { digest, principal, now: ports.clock.now() });
    const verdict = await ledger.committer.commit([
      ...redact(stamped),
      ...own.map((fact) => ledger.record(fact)),
    ]);
    if (verdict.outcome === "committed") {
      const said = facts.map(({ fact }) => fact);
      const named = actionDigests(stamped.map(({ record }) => record));
      observe(tenant, said, ledger.progress().committed, named);
    }
    return { verdict, ids: stamped.map(({ record }) => record.id), ledger };
  };

  return {
    async items(principal, items) {
      const { facts, noise, opaque, drift } = normalise(items);
      const delivery = Buffer.from(ports.random.bytes(16)).toString("hex");
      const { subject } = principal.auth;
      const own = [
        ...(noise.size === 0 ? [] : [noiseFact(subject, delivery, noise)]),
        ...(drift.length === 0 ? [] : [driftFact(subject, delivery, drift)]),
      ];
      const done = await commit(principal, facts, own);
      return { ...done, facts: facts.length, opaque, noise: sumOf(noise), drift };
    },
    async facts(principal, facts, noise = new Map()) {
      const delivery = Buffer.from(ports.random.bytes(16)).toString("hex");
      const own = noise.size === 0 ? [] : [noiseFact(principal.auth.subject, delivery, noise)];
      const done = await commit(principal, facts, own);
      return { ...done, facts: facts.length, opaque: 0, noise: sumOf(noise), drift: [] };
    },
  };
}

function sumOf(noise: ReadonlyMap<string, number>): number {
  return [...noise.values()].reduce((sum, count) => sum + count, 0);
}
