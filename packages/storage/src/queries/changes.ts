import type { OpenedContent, SessionFacts } from "@custody/context";
import { type LedgerRecord, limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found, windowOf } from "./ask.ts";
import { linksOf } from "./placements.ts";
import { recordsById } from "./records-by-id.ts";
import { orNull } from "./sessions.ts";

/** Records of changes read at once. */
const changesMax = limits.pageItemsMax * 5;
/** Sessions in one repository at one moment that are told apart: of two, none is meant. */
const thereMax = 10;
/** Outputs that name one of the revisions asked for. */
const outputsMax = 500;

/** All that observers said of some revisions, and of those that pull requests made of them. */
export async function changesOfCommits(
  asked: Asked,
  commits: readonly string[],
): Promise<readonly FoundRecord[]> {
  if (commits.length === 0) return [];
  return (await ask(asked, "changes-of-commits", { commits, limit: changesMax })).map(found);
}

/** Changes, received since a moment, that name one of the sessions, the newest first. */
export async function changesClaiming(
  asked: Asked,
  sessions: readonly string[],
  since: string = windowOf({}).from,
): Promise<readonly FoundRecord[]> {
  if (sessions.length === 0) return [];
  const limit = limits.pageItemsMax;
  return (await ask(asked, "changes-claiming", { sessions, since, limit })).map(found);
}

/** Links that gave a change to one of the sessions, those that another one overrules among them. */
async function changeLinks(
  asked: Asked,
  sessions: readonly string[],
): Promise<readonly FoundRecord[]> {
  if (sessions.length === 0) return [];
  return (await ask(asked, "change-links", { sessions, limit: changesMax })).map(found);
}

/** Changes that a link gave to one of the sessions, or that name one, with every link made of them. */
export async function changesOfSessions(
  asked: Asked,
  sessions: readonly string[],
): Promise<{ readonly changes: readonly FoundRecord[]; readonly links: readonly FoundRecord[] }> {
  const [given, claiming] = await Promise.all([
    changeLinks(asked, sessions),
    changesClaiming(asked, sessions),
  ]);
  const ids = given.map(({ record }) => (record as LedgerRecord<"link">).body.record);
  const linked = await recordsById(asked, [...new Set(ids)]);
  const changes = [
    ...new Map([...linked, ...claiming].map((one) => [one.record.id, one])).values(),
  ];
  const links = await linksOf(
    asked,
    changes.map(({ record, at }) => ({ id: record.id, at })),
  );
  return { changes, links };
}

/** What a session says of commits: their revisions as its outputs name them, or its repository and its time. */
export interface CommitClues {
  readonly since: string;
  readonly revisions: readonly string[];
  readonly repo: string | null;
  readonly from: string;
  readonly to: string;
}

/** Revisions that observers told of and that the clues fit. */
export async function commitsNaming(
  asked: Asked,
  { repo, ...clues }: CommitClues,
  limit: number,
): Promise<readonly string[]> {
  if (clues.revisions.length === 0 && repo === null) return [];
  const rows = await ask(asked, "commits-naming", { ...clues, repo: repo ?? "", limit });
  return rows.map((row) => String(row["commit"]));
}

/** Revisions that something was received of since a moment: a page of them in order, after one. */
export async function commitsReceived(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  return (await ask(asked, "commits-received", { ...page })).map((row) => String(row["commit"]));
}

/** git abbreviates a revision to this many characters, to more where a repository is large. */
const shortFrom = 7;
const shortTo = 12;

/** Ids of outputs in a time that name one of the revisions by a word. Content that is sealed names none. */
export async function outputsNaming(
  asked: Asked,
  commits: readonly string[],
  window: { readonly from: string; readonly to: string },
): Promise<readonly string[]> {
  const words = commits.flatMap((commit) => [
    commit,
    ...Array.from({ length: shortTo - shortFrom + 1 }, (_, more) =>
      commit.slice(0, shortFrom + more),
    ),
  ]);
  if (words.length === 0) return [];
  const rows = await ask(asked, "outputs-naming", { words, ...window, limit: outputsMax });
  return rows.map((row) => String(row["id_hex"]));
}

/** What records say of commits: arguments that name git, and of outputs the lines that name a revision. */
export async function commitTexts(
  asked: Asked,
  records: readonly string[],
): Promise<readonly OpenedContent[]> {
  if (records.length === 0) return [];
  return (await ask(asked, "commit-texts", { ids: records })).map((row) => ({
    record: String(row["id_hex"]),
    path: String(row["path"]),
    text: String(row["said"]),
  }));
}

/** The revisions that a session's outputs name. */
export async function revisionsOf(asked: Asked, session: string): Promise<readonly string[]> {
  const limit = limits.pageItemsMax;
  const rows = await ask(asked, "revisions-of-session", { sessions: [session], limit });
  return rows.map((row) => String(row["revision"]));
}

/** Of some sessions those that an agent told a call of. */
export async function sessionFacts(
  asked: Asked,
  sessions: readonly string[],
): Promise<readonly SessionFacts[]> {
  if (sessions.length === 0) return [];
  const slots = { where: "session IN {sessions:Array(String)}", having: "true" };
  return factsOf(asked, { sessions, limit: sessions.length }, slots);
}

/** Sessions that worked in a repository at a moment, of those that something was heard of within a week of it. */
export async function sessionsThere(
  asked: Asked,
  repo: string,
  at: string,
): Promise<readonly SessionFacts[]> {
  const slots = {
    where:
      "day >= toDate({at:DateTime64(9, 'UTC')} - INTERVAL 8 DAY) AND day <= toDate({at:DateTime64(9, 'UTC')} + INTERVAL 8 DAY)",
    having:
      "repo_name = {repo:String} AND min(sessions.first_at) <= {at:DateTime64(9, 'UTC')} AND max(sessions.last_at) >= {at:DateTime64(9, 'UTC')} - INTERVAL 2 SECOND",
  };
  return factsOf(asked, { repo, at, limit: thereMax }, slots);
}

async function factsOf(
  asked: Asked,
  params: Parameters<typeof ask>[2],
  slots: Parameters<typeof ask>[3],
): Promise<readonly SessionFacts[]> {
  return (await ask(asked, "session-facts", params, slots)).map((row) => ({
    session: String(row["session"]),
    repo: orNull(row["repo_name"]),
    from: String(row["first_text"]),
    to: String(row["last_text"]),
    tellers: row["teller_names"] as readonly string[],
  }));
}
