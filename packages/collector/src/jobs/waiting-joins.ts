import { isSpanCall } from "@custody/context";
import type { AnyFact } from "@custody/model";
import { type JoinName, joinNames } from "./join.ts";
import { commitLineName, sessionLineName } from "./join-change.ts";
import { createJoinLine, type JoinLine } from "./join-line.ts";
import { type ActionDigest, createNamedActions } from "./named-actions.ts";
import { createRecentNames } from "./recent-names.ts";
import { addressKey } from "./sandbox-join.ts";
import { speaksOfCommits } from "./speaks-of-commits.ts";

/** The sessions that wait for each kind of join. */
export interface WaitingJoins {
  readonly lines: Readonly<Record<JoinName, JoinLine>>;
  /** Puts in line what these facts, and the actions of their records, may have something to join of. */
  observe(
    tenant: string,
    facts: readonly AnyFact[],
    committed: number,
    digests?: readonly ActionDigest[],
  ): void;
  /** Takes a page of a sweep. */
  swept(name: JoinName, tenant: string, sessions: readonly string[], stored: number): void;
  /** A link was written: what builds upon it is looked at again once it is stored. */
  follow(name: JoinName, written: Written): void;
  size(): number;
}

interface Written {
  readonly tenant: string;
  readonly session: string;
  readonly call: string | undefined;
  readonly committed: number;
}

const reaching: ReadonlySet<string> = new Set(["egress", "tool_call", "decision"]);
const violating: ReadonlySet<string> = new Set(["sandbox", "tool_call", "decision"]);
const choosing: ReadonlySet<string> = new Set(["tool_call", "decision"]);

/** Nothing builds upon their links. */
const independent: ReadonlySet<JoinName> = new Set(["flows", "violations", "changes", "approvals"]);

/**
 * Most facts name their session and their call, and cost a comparison here. A trace without a name is remembered, and a session with calls that
 * only spans name: a name or a choice that comes later is looked for in those alone.
 */
export function createWaitingJoins(): WaitingJoins {
  const lines = {
    traces: createJoinLine(),
    calls: createJoinLine(),
    sandboxes: createJoinLine(),
    violations: createJoinLine(),
    flows: createJoinLine(),
    changes: createJoinLine(),
    approvals: createJoinLine(),
  } satisfies Record<JoinName, JoinLine>;
  const unnamed = { traces: createRecentNames(), calls: createRecentNames() };
  const named = createNamedActions();
  const holdDigest = (tenant: string, session: string, committed: number): void =>
    lines.approvals.hold({ tenant, session, committed });
  const hold = (name: "traces" | "calls", tenant: string, session: string, committed: number) => {
    unnamed[name].add(tenant, session);
    lines[name].hold({ tenant, session, committed });
  };
  /** Tenants of which an observer of version control was heard: sessions of the others have nothing to tell of commits. */
  const versioned = new Set<string>();
  const observeChange = (tenant: string, fact: AnyFact, committed: number): void => {
    if (fact.class === "change") {
      const { commit } = fact.body;
      versioned.add(tenant);
      if (commit === undefined) return;
      lines.changes.hold({ tenant, session: commitLineName(commit), committed });
    } else if (fact.session !== undefined && versioned.has(tenant) && speaksOfCommits(fact)) {
      lines.changes.hold({ tenant, session: sessionLineName(fact.session), committed });
    }
  };
  const observeOne = (tenant: string, fact: AnyFact, committed: number): void => {
    const { session, trace, call } = fact;
    for (const name of sandboxesIn(fact)) {
      lines.sandboxes.hold({ tenant, session: name, committed });
    }
    observeChange(tenant, fact, committed);
    if (session === undefined) return;
    if (reaching.has(fact.class)) lines.flows.hold({ tenant, session, committed });
    if (violating.has(fact.class)) lines.violations.hold({ tenant, session, committed });
    const isLoose = fact.attrs?.["session.source"] === "trace";
    if (trace !== undefined && (isLoose || unnamed.traces.has(tenant, trace))) {
      hold("traces", tenant, trace, committed);
    }
    if (isSpanCall(call) || (choosing.has(fact.class) && unnamed.calls.has(tenant, session))) {
      hold("calls", tenant, session, committed);
    }
  };
  return {
    lines,
    observe(tenant, facts, committed, digests = []) {
      for (const fact of facts) observeOne(tenant, fact, committed);
      for (const one of digests) {
        if (named.concerns(tenant, one)) holdDigest(tenant, one.digest, committed);
      }
    },
    swept(name, tenant, sessions, stored) {
      lines[name].swept(tenant, sessions, stored);
      if (name === "changes" && sessions.length > 0) versioned.add(tenant);
      if (name === "approvals") named.know(tenant, sessions);
      if (name !== "traces" && name !== "calls") return;
      for (const session of sessions) unnamed[name].add(tenant, session);
    },
    follow(name, { tenant, session, call, committed }) {
      if (independent.has(name)) return;
      lines.flows.hold({ tenant, session, committed });
      lines.violations.hold({ tenant, session, committed });
      if (versioned.has(tenant)) {
        lines.changes.hold({ tenant, session: sessionLineName(session), committed });
      }
      for (const digest of named.movable(tenant)) holdDigest(tenant, digest, committed);
      if (name === "traces" && call !== undefined) hold("calls", tenant, session, committed);
    },
    size: () => joinNames.reduce((sum, name) => sum + lines[name].size(), 0),
  };
}

/** What a fact may tell of whose a sandbox was. */
function sandboxesIn(fact: AnyFact): readonly string[] {
  if (fact.class === "sandbox") return fact.body.sandbox === undefined ? [] : [fact.body.sandbox];
  if (fact.class !== "egress" || fact.vantage !== undefined) return [];
  const { sandbox, client } = fact.body;
  if (sandbox !== undefined) return [sandbox];
  return client === undefined ? [] : [addressKey(client)];
}
