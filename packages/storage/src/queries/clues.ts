import type { SqlValue } from "@custody/model";
import { rendered, sqlText } from "../sql-files.ts";
import { searchWords } from "./search-words.ts";

export const evidenceLimits = {
  /** Records read for one clue. */
  hitsMax: 500,
  /** Of them, of one call, or of the flows of one session that name no call. */
  hitsOfCallMax: 50,
  /** Of them, of one session, where they speak of no single call. */
  hitsOfSessionMax: 3,
  /** Flows read whose source named no call; links are looked up for each. */
  looseFlowsMax: 200,
} as const;

const { hitsOfCallMax, hitsOfSessionMax } = evidenceLimits;

/** What an alert may name beside its time. */
export interface Clues {
  /** A machine: the holder of a key, a host a payload claims, the client of a flow, or where a flow went. */
  readonly host?: string;
  readonly principal?: string;
  /** A path; content is searched for it, so only who may read content may ask. */
  readonly file?: string;
  /** A host name in lower case; its subdomains are found too. */
  readonly domain?: string;
}

export type Clue = keyof Clues | "time";

/** How a record carries a clue. */
export type How =
  /** The flow went to this very host, or to a subdomain of it; or the host stands in a call's arguments. */
  | "same_host"
  | "subdomain"
  | "arguments"
  /** Under this key; what a payload says about itself; the client of a flow; whoever approved. */
  | "key"
  | "claimed"
  | "client"
  | "approver"
  /** The whole path, or only its last part, in what the agent wrote or read. */
  | "path"
  | "file_name"
  /** In the window, and nothing more. */
  | "window";

/** Where a clue is looked for. Constants of ours; values travel as parameters. */
export interface ClueSource {
  readonly where: string;
  readonly how: string;
  /** Of what only so many hits are read: of a call, or of a session where they speak of no single call. */
  readonly by: string;
  readonly each: number;
  readonly params: Readonly<Record<string, SqlValue>>;
}

const toDomain =
  "(lower(host) = {domain:String} OR endsWith(lower(host), concat('.', {domain:String})))";
const inArguments =
  "arrayExists(one -> one = {domain:String} OR endsWith(one, concat('.', {domain:String})), hosts)";
const fromClient =
  "class = 'egress' AND (kv['client'] = {host:String} OR startsWith(kv['client'], concat({host:String}, ':')))";
const toHost = "class = 'egress' AND lower(host) = lower({host:String})";
const claimsPrincipal =
  "arrayExists((name, value) -> startsWith(name, 'claimed.') AND value = {principal:String}, mapKeys(kv), mapValues(kv))";

/** Places where content holds the last part of the path. */
const holdingName = `(ledger, leaf) IN ${rendered(sqlText("fragments/content-naming"))}`;

const spoken = "session != ''";
/** What speaks of a call is bounded by call, what speaks of its session by session. */
const byWhatItSays =
  "session, if(how IN ('same_host', 'client', 'approver'), concat('call ', call), '')";

export const clueSources: {
  readonly [C in Clue]: (value: string) => ClueSource;
} = {
  time: () => ({
    where: spoken,
    how: "'window'",
    by: "session",
    each: hitsOfSessionMax,
    params: {},
  }),
  domain: (domain) => ({
    where: `(class = 'egress' AND ${toDomain} OR class IN ('decision', 'tool_call') AND ${inArguments})`,
    how: "multiIf(class != 'egress', 'arguments', lower(host) = {domain:String}, 'same_host', 'subdomain')",
    by: "session, call",
    each: hitsOfCallMax,
    params: { domain },
  }),
  host: (host) => ({
    where: `(${spoken} OR class = 'egress') AND (subject = {host:String} OR kv['claimed.host.name'] = {host:String} OR ${fromClient} OR ${toHost})`,
    how: `multiIf(${toHost}, 'same_host', ${fromClient}, 'client', subject = {host:String}, 'key', 'claimed')`,
    by: byWhatItSays,
    each: hitsOfSessionMax,
    params: { host },
  }),
  principal: (principal) => ({
    where: `${spoken} AND (actor = {principal:String} OR approver = {principal:String} OR ${claimsPrincipal})`,
    how: "multiIf(class = 'approval' AND (approver = {principal:String} OR actor = {principal:String} AND auth_kind = 'authority'), 'approver', actor = {principal:String}, 'key', 'claimed')",
    by: byWhatItSays,
    each: hitsOfSessionMax,
    params: { principal },
  }),
  // Whether the whole path stands there is asked of what was found: to read all content of the window twice would cost twice.
  file: (file) => ({
    where: `(${spoken} OR class = 'change') AND ${holdingName}`,
    how: "'file_name'",
    by: "session, call",
    each: hitsOfCallMax,
    params: {
      name: lastPart(file),
      name_json: escaped(lastPart(file)),
      run: plainRun(lastPart(file)),
      words: searchWords(lastPart(file)),
    },
  }),
};

/** Flows whose source names no call, from or to a host where the alert names one. */
export function looseFlows({ host }: Pick<Clues, "host">): ClueSource {
  const narrowed = host === undefined ? "true" : `(${fromClient} OR ${toHost})`;
  return {
    where: `class = 'egress' AND call = '' AND ${narrowed}`,
    how: "'window'",
    by: "session",
    each: hitsOfCallMax,
    params: host === undefined ? {} : { host },
  };
}

/** Calls of some sessions. */
export function callsOf(sessions: readonly string[]): ClueSource {
  return {
    where:
      "class IN ('decision', 'tool_call') AND call != '' AND session IN {sessions:Array(String)}",
    how: "'window'",
    by: "session, call",
    each: 1,
    params: { sessions },
  };
}

/** The last part of a path, whichever way its slashes lean. */
export function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? "";
}

/** As it stands inside JSON: arguments are JSON more often than not. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The longest run of characters that stand in JSON text as they are, however often it is written into JSON again; empty where there is none. */
function plainRun(text: string): string {
  const [longest = ""] = (text.match(/[ !#-.0-[\]-~]+/g) ?? []).sort(
    (one, other) => other.length - one.length,
  );
  return longest;
}
