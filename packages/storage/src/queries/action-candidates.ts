import type { SqlValue } from "@custody/model";
import { searchWords } from "./search-words.ts";

/** What a list of actions may be narrowed by (contract 5). `tier` is judged at read, by the caller, like everything else here is checked again. */
export interface ActionFilter {
  readonly session?: string;
  readonly agent?: string;
  readonly principal?: string;
  readonly tool?: string;
  readonly kind?: string;
  readonly status?: string;
  readonly verdict?: string;
  readonly by?: string;
  readonly egress_host?: string;
  readonly egress_action?: string;
  readonly grade?: string;
  readonly finding?: string;
  readonly contested?: boolean;
  readonly q?: string;
}

/** Rows that carry a filter: where to find them. Constants of ours; values travel as parameters. */
export interface CandidateSource {
  readonly table: "records" | "content";
  readonly where: string;
}

export interface Candidates {
  /** Few rows carry this filter: an index finds them at once, and looking near the end first only looks twice. */
  readonly rare: boolean;
  /** Many rows belong to one action, and only links say to which. */
  readonly crowded: boolean;
  readonly sources: readonly CandidateSource[];
  readonly params: Readonly<Record<string, SqlValue>>;
}

interface Carrier {
  readonly keys: readonly (keyof ActionFilter)[];
  readonly rare?: true;
  readonly crowded?: true;
  sources(filter: ActionFilter): readonly CandidateSource[];
}

const inCalls = "call != '' AND session != ''";
const anyCall = `class IN ('decision', 'tool_call') AND ${inCalls}`;

const agents = "tenant = {tenant:String} AND auth_kind IN ('agent', 'none')";
/** Calls told under more than one agent's key. Few sessions are, so those are found first. */
const toldTwice = `(session, call) IN (SELECT session, call FROM records WHERE ${agents} AND ${inCalls} AND session IN (SELECT session FROM sessions WHERE tenant = {tenant:String} GROUP BY session HAVING length(groupUniqArrayArray(sessions.tellers)) > 1) GROUP BY session, call HAVING uniqExact(subject) > 1)`;

/**
 * What an observer saw that names its call, or that a link gives one by now: of the others no action is made, and a page would be filled with them.
 * A link is listed with its record or later, however late it was made.
 */
const ofSomeCall = `(call != '' OR id IN (SELECT linked FROM records WHERE tenant = {tenant:String} AND class = 'link' AND kind IN ('egress_call', 'sandbox_call') AND call != '' AND at >= {from:DateTime64(9, 'UTC')} AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY))`;

/** A verdict that names no call is shown on the calls that a link gives it to. */
const shownVerdicts = `class = 'link' AND kind = 'approval_call' AND ${inCalls}`;

/** Which records can give an action a status; a superset, since the status is composed of several records. */
const statusRows: Readonly<Record<string, readonly string[]>> = {
  denied: [
    `(class = 'tool_call' AND status = 'denied' OR class = 'approval' AND verdict IN ('deny', 'abort')) AND ${inCalls}`,
    shownVerdicts,
  ],
  blocked: [
    `class = 'tool_call' AND status = 'blocked' AND ${inCalls}`,
    `(class = 'sandbox' AND (outcome != '' OR event = 'violation') OR class = 'egress' AND action = 'denied') AND ${ofSomeCall}`,
  ],
  timeout: [
    `(class = 'tool_call' AND status = 'timeout' OR class = 'approval' AND verdict = 'timeout') AND ${inCalls}`,
    `class = 'sandbox' AND outcome = 'timed_out' AND ${ofSomeCall}`,
    shownVerdicts,
  ],
  executed: [`class = 'tool_call' AND status IN ('executed', 'started') AND ${inCalls}`],
  error: [`class = 'tool_call' AND status = 'error' AND ${inCalls}`],
};

/** The most selective class that carries a filter comes first: step one asks it alone, step two checks the rest. */
const carriers: readonly Carrier[] = [
  {
    keys: ["q"],
    rare: true,
    sources: () => [
      { table: "content", where: `${inCalls} AND hasAllTokens(words, {words:Array(String)})` },
      { table: "records", where: `${inCalls} AND hasAllTokens(words, {words:Array(String)})` },
    ],
  },
  {
    keys: ["finding"],
    rare: true,
    sources: () => records(`class = 'finding' AND rule = {finding:String} AND ${inCalls}`),
  },
  {
    keys: ["contested"],
    sources: (filter) =>
      filter.contested
        ? [
            ...records(
              `class = 'integrity' AND kind = 'conflict' AND auth_kind = 'internal' AND ${inCalls}`,
            ),
            ...records(`${anyCall} AND ${toldTwice}`),
          ]
        : records(anyCall),
  },
  {
    keys: ["egress_host", "egress_action"],
    crowded: true,
    sources: (filter) =>
      records(
        all([
          "class = 'egress'",
          ofSomeCall,
          filter.egress_host !== undefined && "host = {egress_host:String}",
          filter.egress_action !== undefined && "action = {egress_action:String}",
        ]),
      ),
  },
  {
    keys: ["verdict", "by"],
    sources: (filter) => [
      ...records(
        all([
          `class = 'approval' AND ${inCalls}`,
          filter.verdict !== undefined && "verdict = {verdict:String}",
          filter.by !== undefined && "by = {by:String}",
        ]),
      ),
      ...records(shownVerdicts),
    ],
  },
  {
    keys: ["status"],
    sources: ({ status = "" }) => (statusRows[status] ?? [anyCall]).flatMap(records),
  },
  {
    keys: ["tool", "kind"],
    sources: (filter) =>
      records(
        all([
          anyCall,
          filter.tool !== undefined && "tool = {tool:String}",
          filter.kind !== undefined && "kind = {kind:String}",
        ]),
      ),
  },
  {
    keys: ["grade"],
    sources: () => records(`grade = {grade:String} AND ${inCalls}`),
  },
  {
    keys: ["principal"],
    sources: () =>
      records(
        `${anyCall} AND (actor = {principal:String} OR session IN (SELECT session FROM sessions WHERE tenant = {tenant:String} GROUP BY session HAVING max(sessions.principal).2 = {principal:String}))`,
      ),
  },
  { keys: ["agent"], sources: () => records(`${anyCall} AND agent = {agent:String}`) },
  { keys: [], sources: () => records(anyCall) },
];

/**
 * Step one of design 5: where to look for the actions a filter may match. Every source is a superset; the caller checks the action itself.
 * `traces` stood for the session where its records did not name it.
 */
export function actionCandidates(filter: ActionFilter, traces: readonly string[]): Candidates {
  const asked = new Set(
    Object.keys(filter).filter((key) => filter[key as keyof ActionFilter] !== undefined),
  );
  const carrier = carriers.find(
    ({ keys }) => keys.length === 0 || keys.some((key) => asked.has(key)),
  );
  const sources = (carrier?.sources(filter) ?? []).map((source) =>
    filter.session === undefined
      ? source
      : { ...source, where: `${source.where} AND session IN {sessions:Array(String)}` },
  );
  const { q, contested: _, ...texts } = filter;
  const rare = carrier?.rare === true || filter.session !== undefined;
  return {
    rare,
    crowded: carrier?.crowded === true,
    sources,
    params: {
      ...texts,
      ...(filter.session === undefined ? {} : { sessions: [filter.session, "", ...traces] }),
      ...(q === undefined ? {} : { words: searchWords(q) }),
    },
  };
}

function records(where: string): readonly CandidateSource[] {
  return [{ table: "records", where }];
}

function all(conditions: readonly (string | false)[]): string {
  return conditions.filter((condition) => condition !== false).join(" AND ");
}
