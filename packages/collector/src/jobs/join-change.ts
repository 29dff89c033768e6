import {
  type CommitScene,
  commitScene,
  joinChanges,
  type LinkFact,
  newLinks,
  type SessionFacts,
  winningLinkOf,
} from "@custody/context";
import { type Body, type LedgerRecord, limits, shiftMillis } from "@custody/model";
import {
  type Asked,
  actionKeysOf,
  actionRecords,
  changesClaiming,
  changesOfCommits,
  commitsNaming,
  commitsReceived,
  commitTexts,
  type FoundRecord,
  linksOf,
  outputsNaming,
  recordsById,
  revisionsOf,
  sessionFacts,
  sessionRecords,
  sessionsThere,
} from "@custody/storage/queries";
import type { Join } from "./join-kind.ts";

/** Commits that one session is looked at for. */
const commitsMax = 200;
/** Sessions that the claims of one commit are weighed for: whoever names more names none. */
const claimedMax = 16;
/** Calls further than this from a commit are not weighed for it; an output that names it is found however far it is in a day. */
const nearMs = 600_000;
/** Heads that the requests of one commit name. */
const headsMax = 16;
const dayMs = 86_400_000;
/** The engine takes no time before its first. */
const ever = "1970-01-01T00:00:00.000000000Z";

const commitPrefix = "commit:";
const sessionPrefix = "session:";

/** Names of this line: a commit that something was heard of, or a session that may have something to say of one. */
export function commitLineName(commit: string): string {
  return `${commitPrefix}${commit}`;
}
export function sessionLineName(session: string): string {
  return `${sessionPrefix}${session}`;
}

/** Ties commits to the sessions that made them. A commit is looked at with every session that bears on it, whichever of them was heard of last. */
export const changeJoin: Join = {
  async sweep(asked, { after, ...page }) {
    const commits = await commitsReceived(asked, {
      ...page,
      after: after.slice(commitPrefix.length),
    });
    return commits.map(commitLineName);
  },
  async joinable(asked, names) {
    const known = await commitsReceived(asked, { since: ever, after: "", limit: 1 });
    return new Set(known.length === 0 ? [] : names);
  },
  async look(asked, name) {
    if (name.startsWith(commitPrefix)) {
      return lookAtCommits(asked, [name.slice(commitPrefix.length)]);
    }
    return lookAtCommits(asked, await commitsOf(asked, name.slice(sessionPrefix.length)));
  },
};

/** Commits that name a session, that its outputs name, or that were made in its repository while it worked. */
async function commitsOf(asked: Asked, session: string): Promise<readonly string[]> {
  const [claiming, revisions, [facts]] = await Promise.all([
    changesClaiming(asked, [session]),
    revisionsOf(asked, session),
    sessionFacts(asked, [session]),
  ]);
  const { repo = null, from = ever, to = ever } = facts ?? {};
  const named = await commitsNaming(asked, { since: ever, revisions, repo, from, to }, commitsMax);
  const claimed = claiming.flatMap((found) => bodyOf(found).commit ?? []);
  return [...new Set([...claimed, ...named])].slice(0, commitsMax);
}

async function lookAtCommits(
  asked: Asked,
  commits: readonly string[],
): Promise<readonly LinkFact[]> {
  const links: LinkFact[] = [];
  for (const commit of commits) {
    // One after another: the store's readers are few, and most commits have one session or none.
    links.push(...(await lookAtCommit(asked, commit)));
  }
  return links;
}

/** A commit, with what pull requests made of it, or with the one that it was made of: each with the sessions that bear on it. */
async function lookAtCommit(asked: Asked, commit: string): Promise<readonly LinkFact[]> {
  const changes = await relatedChanges(asked, commit);
  const commits = groupBy(changes, (one) => bodyOf(one).commit);
  const sessions = new Map<string, SessionFacts>();
  const records: FoundRecord[] = [];
  for (const [name, own] of commits) {
    // One after another: the store's readers are few, and rarely are there two.
    const bearing = await bearingOn(asked, name, own);
    for (const one of bearing.sessions) sessions.set(one.session, one);
    records.push(...bearing.records);
  }
  const [texts, known] = await Promise.all([
    commitTexts(
      asked,
      records.flatMap(({ record }) => (record.sd === undefined ? [] : [record.id])),
    ),
    linksOf(
      asked,
      changes.map(({ record, at }) => ({ id: record.id, at })),
    ),
  ]);
  const found = joinChanges({ changes, sessions: [...sessions.values()], records, texts });
  return newLinks(found, winningLinkOf(known));
}

async function relatedChanges(asked: Asked, commit: string): Promise<readonly FoundRecord[]> {
  const own = await changesOfCommits(asked, [commit]);
  const heads = own.flatMap((one) => bodyOf(one).pr_head ?? []).filter((head) => head !== commit);
  const reviewed = await changesOfCommits(asked, [...new Set(heads)].slice(0, headsMax));
  return distinctOf([...own, ...reviewed]);
}

/** The sessions that bear on one commit, and what they tell of it. */
async function bearingOn(
  asked: Asked,
  commit: string,
  changes: readonly FoundRecord[],
): Promise<{
  readonly sessions: readonly SessionFacts[];
  readonly records: readonly FoundRecord[];
}> {
  const scene = commitScene(changes.map(({ record }) => record as LedgerRecord<"change">));
  const claimed = [...new Set(changes.flatMap((one) => claimsOf(bodyOf(one))))].sort();
  const weighed = claimed.slice(0, claimedMax);
  const told = await callsNaming(asked, commit, scene);
  const near = await nearOf(asked, weighed, scene);
  const named = await sessionFacts(asked, [...new Set([...weighed, ...told.sessions])]);
  return {
    sessions: [...(await thereAt(asked, scene)), ...named],
    records: distinctOf([...told.records, ...near]),
  };
}

/** The calls, wherever they are told, of which an output names a commit, whole. */
async function callsNaming(
  asked: Asked,
  commit: string,
  { moments }: CommitScene,
): Promise<{ readonly sessions: readonly string[]; readonly records: readonly FoundRecord[] }> {
  const ids = new Set<string>();
  for (const window of windowsAbout(moments, dayMs)) {
    // In order, here and below: a commit has one moment or two.
    for (const id of await outputsNaming(asked, [commit], window)) ids.add(id);
  }
  const keys = await actionKeysOf(asked, await recordsById(asked, [...ids]));
  const actions = await actionRecords(asked, keys);
  return {
    sessions: keys.map(({ session }) => session),
    records: actions.flatMap(({ records }) => records),
  };
}

/** The sessions that worked in its repository at the moments of a commit. */
async function thereAt(
  asked: Asked,
  { moments, repos }: CommitScene,
): Promise<readonly SessionFacts[]> {
  const there: SessionFacts[] = [];
  for (const repo of repos) {
    for (const at of moments) there.push(...(await sessionsThere(asked, repo, at)));
  }
  return there;
}

/** What the sessions that are claimed told about the moments of a commit. */
async function nearOf(
  asked: Asked,
  sessions: readonly string[],
  { moments }: CommitScene,
): Promise<readonly FoundRecord[]> {
  const records: FoundRecord[] = [];
  for (const session of sessions) {
    for (const window of windowsAbout(moments, nearMs)) {
      const page = await sessionRecords(asked, { session, ...window, limit: limits.pageItemsMax });
      records.push(...page.items);
    }
  }
  return records;
}

/** Each leaf once: of a record that contradicts itself every account is weighed. */
function distinctOf(records: readonly FoundRecord[]): readonly FoundRecord[] {
  return [...new Map(records.map((one) => [`${one.ledger}/${one.leaf}`, one])).values()];
}

/** The time about some moments, where it overlaps as one. */
function windowsAbout(
  moments: readonly string[],
  aroundMs: number,
): readonly { readonly from: string; readonly to: string }[] {
  const windows: { from: string; to: string }[] = [];
  for (const at of moments.toSorted()) {
    const [from, to] = [shiftMillis(at, -aroundMs), shiftMillis(at, aroundMs)];
    const last = windows.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else windows.push({ from, to });
  }
  return windows;
}

function groupBy<T>(
  items: readonly T[],
  key: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}

function bodyOf({ record }: FoundRecord): Body<"change"> {
  return record.body as Body<"change">;
}

function claimsOf({
  trailer_sessions = [],
  trace_sessions = [],
}: Body<"change">): readonly string[] {
  return [...trailer_sessions, ...trace_sessions];
}
