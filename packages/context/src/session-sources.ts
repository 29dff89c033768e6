import type {
  Capability,
  PlacedRecord,
  SessionSource,
  SourceFact,
  SourceProfile,
} from "@custody/model";
import { isAgentsOwn } from "./principal.ts";
import { ofClass } from "./record-order.ts";

/** What is written down of whoever a record speaks for: kept beside the dialects, so whoever composes a view brings it. */
export type ProfileLookup = (
  dialect: string,
  agent: string | undefined,
) => SourceProfile | undefined;

/** One agent in one dialect, and what it can tell. */
export interface AgentSource {
  readonly dialect: string;
  readonly agent: string | undefined;
  readonly profile: SourceProfile | undefined;
  /** What its session records say it can; undefined where none of them arrived. */
  readonly can: ReadonlySet<Capability> | undefined;
}

export interface SessionSources {
  readonly agents: readonly AgentSource[];
  /** Those of the agents that some of these records came from. */
  agentsOf(placed: readonly PlacedRecord[]): readonly AgentSource[];
}

/** `placed` are the records of one session. */
export function sourcesOf(
  placed: readonly PlacedRecord[],
  profileOf: ProfileLookup,
): SessionSources {
  const can = capabilities(placed);
  const known = new Map<string, AgentSource>();
  for (const { record } of placed) {
    const key = sourceKey(record);
    if (key === undefined || known.has(key)) continue;
    const dialect = record.dialect.name;
    const agent = record.agent?.name;
    known.set(key, { dialect, agent, profile: profileOf(dialect, agent), can: can.get(dialect) });
  }
  return {
    agents: [...known.values()],
    agentsOf: (some) =>
      [...new Set(some.map(({ record }) => sourceKey(record)))].flatMap(
        (key) => (key === undefined ? undefined : known.get(key)) ?? [],
      ),
  };
}

/** Undefined of records that no agent sent, and of what no dialect understood. */
function sourceKey(record: PlacedRecord["record"]): string | undefined {
  if (!isAgentsOwn(record) || record.class === "opaque") return undefined;
  return JSON.stringify([record.dialect.name, record.agent?.name]);
}

/** By dialect: a part of a conversation that has an agent of its own is told by the same source. */
function capabilities(
  placed: readonly PlacedRecord[],
): ReadonlyMap<string, ReadonlySet<Capability>> {
  const found = new Map<string, Set<Capability>>();
  for (const { dialect, body } of ofClass(placed, "session")) {
    if (body.can === undefined) continue;
    found.set(dialect.name, new Set([...(found.get(dialect.name) ?? []), ...body.can]));
  }
  return found;
}

/** What a session record can say of a source; the other facts are only in its profile. */
const capabilityOf: Readonly<Partial<Record<SourceFact, Capability>>> = {
  prompt: "prompt",
  arguments: "arguments",
  result: "results",
  approval: "approvals",
  sandbox: "sandbox",
  egress: "egress",
  identity: "identity",
};

/**
 * Whether silence says something: a source that tells a fact at every occasion and did not, lost it. Of a named agent only `full` is such a
 * promise; of a convention, which many follow, and where nothing is written down, what the source's own session record says. What that
 * record leaves out, this sender never tells.
 */
export function wouldTell({ can, profile }: AgentSource, fact: SourceFact): boolean {
  const capability = capabilityOf[fact];
  const said = capability === undefined ? undefined : can?.has(capability);
  if (said === false || profile === undefined) return said === true;
  return (said === true && profile.agent === undefined) || profile.facts[fact].level === "full";
}

/** Whether it counts as told where there was nothing to tell. Of connections nobody but who sees them all can say that there were none. */
export function mayTell(source: AgentSource, fact: SourceFact): boolean {
  const { can, profile } = source;
  const capability = capabilityOf[fact];
  if (capability !== undefined && can !== undefined) return can.has(capability);
  return wouldTell(source, fact) || (fact !== "egress" && profile?.facts[fact].level === "partial");
}

/** Everybody who spoke, for people. */
export function speakersOf(
  placed: readonly PlacedRecord[],
  { agents }: SessionSources,
): readonly SessionSource[] {
  const speakers = new Map<string, SessionSource>();
  const add = (one: SessionSource): void => {
    speakers.set(JSON.stringify([one.speaker, one.name, one.dialect]), one);
  };
  for (const source of agents) {
    add({ speaker: "agent", name: nameOf(source), dialect: source.dialect });
  }
  for (const { record } of placed) {
    const { kind, subject } = record.src.auth;
    if (kind !== "observer" && kind !== "authority") continue;
    add({ speaker: kind, name: subject, dialect: record.dialect.name });
  }
  return [...speakers.values()];
}

/** A convention's profile stands for many agents, so the agent's own name is said first. */
export function nameOf({ agent, profile, dialect }: AgentSource): string {
  if (profile === undefined) return agent ?? dialect;
  if (profile.agent !== undefined || agent === undefined) return profile.title;
  return `${agent} (${profile.title})`;
}
