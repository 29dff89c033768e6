import { hash, randomBytes } from "node:crypto";
import type {
  AnyFact,
  CommitVerdict,
  Principal,
  Redacted,
  SignalView,
  Stamped,
} from "@custody/model";
import { createRedactor } from "@custody/redaction";
import { noiseRecord } from "../noise-record.ts";
import type { CollectorPorts, TenantLedger } from "../ports.ts";
import { type NamedFact, normalise } from "./normalise.ts";
import { stamp } from "./stamp.ts";
import { createTenantDigest, type TenantDigest } from "./tenant-digest.ts";

/** What a delivery became. `facts` counts records offered to the ledger, duplicates included. */
export interface Delivered {
  readonly verdict: CommitVerdict;
  readonly facts: number;
  readonly opaque: number;
  readonly noise: number;
  readonly ledger: TenantLedger;
}

/** Told of everything that was committed, so that joins can be looked for once it is stored. */
export type Observer = (tenant: string, facts: readonly AnyFact[], committed: number) => void;

export interface River {
  /** Items of an OTLP request: normalise, stamp, redact, commit. Resolves when durable, or with why not. */
  items(principal: Principal, items: readonly SignalView[]): Promise<Delivered>;
  /** Facts that were read at the door of another path (egress lines, sandboxes, approvals, policies). */
  facts(principal: Principal, facts: readonly NamedFact[]): Promise<Delivered>;
}

/** The river as one readable function: the order of the steps is held by their types. */
export function createRiver(ports: CollectorPorts, observe: Observer): River {
  const redactor = createRedactor({
    sha256: (bytes: Uint8Array) => hash("sha256", bytes, "buffer"),
    randomBytes: (count: number) => ports.random.bytes(count),
  });
  const digests = new Map<string, TenantDigest>();

  const digestOf = (tenant: string, ledger: TenantLedger): TenantDigest => {
    const known = digests.get(tenant) ?? createTenantDigest(tenant, ledger.hmacKey);
    digests.set(tenant, known);
    return known;
  };

  const redact = (stamped: readonly Stamped[]): Redacted[] =>
    stamped.map((record) => redactor.redact(record).redacted);

  const commit = async (
    principal: Principal,
    facts: readonly NamedFact[],
    extra: (digest: TenantDigest, now: string) => readonly Stamped[],
  ): Promise<{ verdict: CommitVerdict; ledger: TenantLedger }> => {
    const ledger = await ports.tenant(principal.tenant);
    const digest = digestOf(principal.tenant, ledger);
    const now = ports.clock.now();
    const stamped = [...stamp(facts, { digest, principal, now }), ...extra(digest, now)];
    const verdict = await ledger.committer.commit(redact(stamped));
    if (verdict.outcome === "committed") {
      const said = facts.map(({ fact }) => fact);
      observe(principal.tenant, said, ledger.progress().committed);
    }
    return { verdict, ledger };
  };

  return {
    async items(principal, items) {
      const { facts, noise, opaque } = normalise(items);
      const noisy = [...noise.values()].reduce((sum, count) => sum + count, 0);
      const done = await commit(principal, facts, (digest, now) =>
        noise.size === 0
          ? []
          : [noiseRecord({ digest, principal, now, noise, delivery: randomBytes(16).toString("hex") })],
      );
      return { ...done, facts: facts.length, opaque, noise: noisy };
    },
    async facts(principal, facts) {
      const done = await commit(principal, facts, () => []);
      return { ...done, facts: facts.length, opaque: 0, noise: 0 };
    },
  };
}
