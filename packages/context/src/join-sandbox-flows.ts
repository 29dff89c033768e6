import type { LedgerRecord, PlacedRecord } from "@custody/model";
import type { Confidence } from "./join-methods.ts";
import { type KnownSandbox, knownSandboxes, sandboxesAt } from "./join-sandboxes.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { compareText, distinctById, ofClass } from "./record-order.ts";
import { addressOf, sandboxName } from "./sandbox-name.ts";

type Flow = LedgerRecord<"egress">;

/** A sandbox and the sessions that had it, as far as anything but a header says so. */
interface Owned {
  readonly sandbox: KnownSandbox;
  readonly sessions: ReadonlyMap<string, Confidence>;
  /** Sessions that anything ever named: an answer that is taken back was one of these. */
  readonly named: readonly string[];
  readonly basis: number;
}

/**
 * Gives flows without a session that of the sandbox they came out of: by the sandbox's id, or by the address that one sandbox alone had at the
 * time. A sandbox that several sessions had says nothing of whose a flow was. `owners` is what `joinSandboxes` concludes of the same
 * sandboxes; its basis, which only grows, is part of the basis here.
 */
export function joinSandboxFlows(input: {
  /** What observers told of some sandboxes, and of all that share an address with them. */
  readonly sandboxes: readonly PlacedRecord[];
  readonly flows: readonly PlacedRecord[];
  readonly owners: readonly LinkFact[];
}): readonly LinkFact[] {
  const sandboxes = knownSandboxes(input.sandboxes);
  const owned = new Map(sandboxes.map((one) => [one.name, ownedBy(one, input.owners)]));
  const loose = ofClass(distinctById(input.flows), "egress").filter(isLoose);
  return loose.flatMap((flow) => {
    const related = sandboxes
      .filter((one) => isRelated(flow, one))
      .flatMap(({ name }) => owned.get(name) ?? []);
    const [first] = related.flatMap(({ named }) => named).sort(compareText);
    if (first === undefined) return [];
    const basis = related.reduce((sum, one) => sum + one.basis, 0);
    const [only, another] = sandboxesOf(flow, sandboxes).flatMap(({ name }) =>
      [...(owned.get(name)?.sessions ?? [])].map(([session, confidence]) => ({
        session,
        confidence,
      })),
    );
    if (only === undefined || another !== undefined) return [linkFact(flow, first, basis)];
    return [linkFact(flow, only.session, basis, only.confidence)];
  });
}

function isLoose({ session, grade, src }: Flow): boolean {
  return session === undefined && grade === "observed" && src.auth.kind === "observer";
}

function ownedBy(sandbox: KnownSandbox, links: readonly LinkFact[]): Owned {
  const ids = new Set(sandbox.records.map(({ id }) => id));
  const own = links.filter(({ body }) => ids.has(body.record));
  const sessions = new Map<string, Confidence>();
  for (const { session, body } of own) {
    // A header is written by whoever sends the request.
    if (body.method !== undecided && body.confidence !== "low")
      sessions.set(session, body.confidence);
  }
  for (const { session } of sandbox.records) {
    if (session !== undefined) sessions.set(session, "high");
  }
  return {
    sandbox,
    sessions,
    named: [...new Set([...sessions.keys(), ...own.map(({ session }) => session)])],
    basis: Math.max(sandbox.records.length, ...own.map(({ body }) => body.basis)),
  };
}

function isRelated({ body }: Flow, { name, addresses }: KnownSandbox): boolean {
  if (body.sandbox !== undefined) return sandboxName(body.sandbox) === name;
  return body.client !== undefined && addresses.has(addressOf(body.client));
}

function sandboxesOf(
  { ts, body }: Flow,
  sandboxes: readonly KnownSandbox[],
): readonly KnownSandbox[] {
  const { sandbox } = body;
  if (sandbox !== undefined) return sandboxes.filter(({ name }) => name === sandboxName(sandbox));
  return body.client === undefined ? [] : sandboxesAt(sandboxes, body.client, ts);
}

function linkFact(flow: Flow, session: string, basis: number, confidence?: Confidence): LinkFact {
  const byId = flow.body.sandbox !== undefined;
  const method = confidence === undefined ? undecided : byId ? "sandbox" : "client_address";
  const sure = confidence === "high" && !byId ? "medium" : confidence;
  return {
    class: "link",
    key: ["sandbox_session", flow.id, session, method, String(basis)],
    ts: flow.ts,
    session,
    body: { kind: "sandbox_session", record: flow.id, method, confidence: sure ?? "low", basis },
  };
}
