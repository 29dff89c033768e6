import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { countedNames } from "../counted-names.ts";
import { groupBy } from "../group-by.ts";
import { contextLimits } from "../limits.ts";
import { type LinkFact, undecided } from "../link-fact.ts";
import type { OpenedContent } from "../opened-content.ts";
import { compareText, distinctById, isOf, ofClass } from "../record-order.ts";
import { bearingOn, type Told, toldOf } from "./bearing-records.ts";
import { type CommitCall, commitCalls, namesCommit } from "./commit-calls.ts";
import { type CommitScene, commitScene } from "./commit-scene.ts";

/** A session as far as commits are weighed against it. */
export interface SessionFacts {
  readonly session: string;
  readonly repo: string | null;
  readonly from: string;
  readonly to: string;
  /** Under whose keys its calls were told. */
  readonly tellers: readonly string[];
}

export interface ChangeInput {
  /** Every record of one commit. */
  readonly changes: readonly PlacedRecord[];
  /** Sessions that are there and that a claim, an output or the repository names. */
  readonly sessions: readonly SessionFacts[];
  /** Records of those sessions about the time of the commit, and those whose output may name it, with the links made of them. */
  readonly records: readonly PlacedRecord[];
  readonly texts: readonly OpenedContent[];
}

/** How a commit is tied to a session, the surest first. */
export type ChangeMethod =
  | "trailer"
  | "agent_trace"
  | "commit_in_output"
  | "pull_request"
  | "repo_and_interval";

interface Conclusion {
  readonly session: string;
  readonly call?: string;
  readonly method: ChangeMethod;
  readonly confidence: "high" | "medium" | "low";
}

/**
 * Which session made a commit. The observer saw the commit; that a trailer or an attribution names a session is the word of whoever wrote it, so
 * alone it is `low`, a claim without a call. It is `high` where the session's own agent tells of a call that made this very commit, and `medium`
 * where it tells of one that committed at that moment. The agent's word without a claim is `commit_in_output`, `medium`. What a pull request made of a
 * commit is of that commit's session, as surely. Repository and time are `low`. Where two would be as good, none is named. Pure and order-free.
 */
export function joinChanges(input: ChangeInput): readonly LinkFact[] {
  const commits = groupBy(
    ofClass(distinctById(input.changes), "change"),
    ({ body }) => body.commit,
  );
  const texts = groupBy(input.texts, ({ record }) => record);
  const heard: Heard = {
    sessions: input.sessions,
    texts,
    told: toldOf(input.records, texts),
    links: input.records.filter(({ record }) => isOf(record, "link")),
    namesOf: countedNames(input.changes),
  };
  const looks = new Map(
    [...commits].map(([commit, changes]) => [commit, lookAt(commit, changes, heard)]),
  );
  return [...commits].flatMap(([commit, changes]) => {
    const heads = distinct(changes.flatMap(({ body }) => body.pr_head ?? []));
    const reviewed = heads
      .filter((head) => head !== commit)
      .flatMap((head) => looks.get(head) ?? []);
    const own = looks.get(commit);
    const verdict = throughRequest(own?.verdict, reviewed);
    const considered = [own, ...reviewed].flatMap((one) => one?.considered ?? []);
    const sorted = distinct(considered);
    return changes.map((change) => linkFact(change, verdict, sorted));
  });
}

/** What a commit comes to by itself, and everything that was weighed for it. */
interface Look {
  readonly verdict: Verdict;
  readonly considered: readonly string[];
}

/** Unless its own maker tells of it, the commit that was reviewed knows better whose it is than a message that a forge put together. */
function throughRequest(own: Verdict, reviewed: readonly Look[]): Verdict {
  const isTold = (one: Conclusion): boolean =>
    one.confidence === "high" || one.method === "commit_in_output";
  if (own !== undefined && own !== undecided && isTold(own)) return own;
  const heads = reviewed.flatMap(({ verdict }) =>
    verdict === undefined || verdict === undecided || verdict.confidence === "low" ? [] : [verdict],
  );
  const [head] = heads;
  if (head === undefined || distinct(heads.map(({ session }) => session)).length > 1) return own;
  return { session: head.session, method: "pull_request", confidence: head.confidence };
}

function lookAt(commit: string, changes: readonly LedgerRecord<"change">[], heard: Heard): Look {
  const claims = {
    trailer: new Set(changes.flatMap(({ body }) => body.trailer_sessions ?? [])),
    agent_trace: new Set(changes.flatMap(({ body }) => body.trace_sessions ?? [])),
  };
  const scene = commitScene(changes);
  const [at = ""] = scene.moments;
  const [repo] = scene.repos;
  const claimed = new Set([...claims.trailer, ...claims.agent_trace]);
  const { bearing, naming } = bearingOn(heard.told, { commit, moments: scene.moments, claimed });
  // Only what bears on this commit is weighed, so that it does not matter which others are looked at beside it.
  const own = heard.sessions.filter(
    (one) =>
      claimed.has(one.session) ||
      naming.has(one.session) ||
      scene.repos.some((name) => scene.moments.some((moment) => wasThere(one, name, moment))),
  );
  const records = [...bearing.flatMap(({ accounts }) => accounts), ...heard.links];
  const calls = own
    .flatMap(({ session }) => commitCalls(session, records, heard.texts))
    .filter((call) => namesCommit(call, commit) || isOpenAt(call, at));
  const verdict = conclude({ commit, at, repo, sessions: own, calls, claims });
  const considered = [
    ...changes.flatMap(({ id }) => heard.namesOf(id)),
    ...bearing.flatMap(({ names }) => names),
    ...own.flatMap((one) => factsOf(one, scene)),
  ];
  return { verdict, considered };
}

interface Heard {
  readonly sessions: readonly SessionFacts[];
  readonly texts: ReadonlyMap<string, readonly OpenedContent[]>;
  readonly told: readonly Told[];
  readonly links: readonly PlacedRecord[];
  readonly namesOf: (id: string) => readonly string[];
}

/** What is known of a session counts piece by piece, as what records say does. */
function factsOf(one: SessionFacts, { moments, repos }: CommitScene): readonly string[] {
  const there = repos.flatMap((repo) =>
    moments.filter((at) => wasThere(one, repo, at)).map((at) => `there ${at} ${repo}`),
  );
  const place = one.repo === null ? [] : [`repo ${one.repo}`];
  const tellers = one.tellers.map((teller) => `teller ${teller}`);
  return ["session", ...tellers, ...place, ...there].map((said) => `${one.session} ${said}`);
}

interface Weighed {
  readonly commit: string;
  readonly at: string;
  readonly repo: string | undefined;
  readonly sessions: readonly SessionFacts[];
  readonly calls: readonly CommitCall[];
  readonly claims: Readonly<Record<"trailer" | "agent_trace", ReadonlySet<string>>>;
}

type Verdict = Conclusion | typeof undecided | undefined;

function conclude(weighed: Weighed): Verdict {
  return concludeByWord(weighed) ?? concludeByPlace(weighed);
}

/** Words about the commit: of its message or attribution, and of the agents whose calls made it. */
function concludeByWord(weighed: Weighed): Verdict {
  const { commit, at, repo, sessions, calls, claims } = weighed;
  const sole = new Set(sessions.filter((one) => !isContested(one)).map(({ session }) => session));
  const spoken = calls.filter(({ session }) => sole.has(session));
  const made = spoken.filter((call) => namesCommit(call, commit));
  const makers = distinct(made.map(({ session }) => session));
  const [maker] = makers;
  if (maker !== undefined && makers.length === 1) {
    const claim = claimOf(maker, claims);
    // Without a claim beside it the agent's own output is all there is.
    const strength =
      claim === undefined
        ? ({ method: "commit_in_output", confidence: "medium" } as const)
        : ({ method: claim, confidence: "high" } as const);
    return { session: maker, ...only(made.map(({ call }) => call)), ...strength };
  }
  const claimed = sessions.map(({ session }) => session).filter((one) => claimOf(one, claims));
  const standing = makers.length === 0 ? claimed : claimed.filter((one) => makers.includes(one));
  const [session] = standing;
  const method = session === undefined ? undefined : claimOf(session, claims);
  if (session === undefined || method === undefined) {
    return makers.length === 0 ? undefined : undecided;
  }
  if (standing.length > 1) return undecided;
  const own = sessions.find((one) => one.session === session);
  const mine = isElsewhere(own, repo) ? [] : spoken.filter((call) => call.session === session);
  const likely = mine.filter((call) => isOpenAt(call, at) && mayBe(call, commit));
  const call = only(likely.map((one) => one.call));
  return { session, ...call, method, confidence: call === undefined ? "low" : "medium" };
}

/** Nothing names a session: the only one that worked in the repository at that time. */
function concludeByPlace({ at, repo, sessions }: Weighed): Verdict {
  const there = sessions.filter((one) => wasThere(one, repo, at));
  const [first] = there;
  if (first === undefined) return undefined;
  if (there.length > 1) return undecided;
  return { session: first.session, method: "repo_and_interval", confidence: "low" };
}

function wasThere(session: SessionFacts, repo: string | undefined, at: string): boolean {
  return (
    repo !== undefined &&
    session.repo === repo &&
    session.from <= at &&
    at <= shiftMillis(session.to, contextLimits.joinSkewMs)
  );
}

/** It works in another repository, by its own words. */
function isElsewhere(session: SessionFacts | undefined, repo: string | undefined): boolean {
  return (
    session?.repo !== undefined &&
    session.repo !== null &&
    repo !== undefined &&
    session.repo !== repo
  );
}

/** More than one agent's key told its calls, so neither speaks for it alone. */
function isContested({ tellers }: SessionFacts): boolean {
  return tellers.length !== 1;
}

/** Whether it ran at a moment; the time of a commit has no fractions of a second. */
function isOpenAt({ from, to }: CommitCall, at: string): boolean {
  const { joinSkewMs } = contextLimits;
  return shiftMillis(from, -joinSkewMs) <= at && at <= shiftMillis(to ?? from, joinSkewMs);
}

/** Its output names this commit, or none. */
function mayBe(call: CommitCall, commit: string): boolean {
  return call.named.length === 0 || namesCommit(call, commit);
}

function claimOf(
  session: string,
  claims: Weighed["claims"],
): "trailer" | "agent_trace" | undefined {
  if (claims.trailer.has(session)) return "trailer";
  return claims.agent_trace.has(session) ? "agent_trace" : undefined;
}

function only(calls: readonly string[]): { readonly call: string } | undefined {
  const [call, other] = distinct(calls);
  return call === undefined || other !== undefined ? undefined : { call };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}

function linkFact(
  change: LedgerRecord<"change">,
  verdict: Verdict,
  considered: readonly string[],
): LinkFact {
  const conclusion = verdict === undecided ? undefined : verdict;
  const { session = "", call, method = undecided, confidence = "low" } = conclusion ?? {};
  return {
    class: "link",
    key: ["change_session", change.id, session, call ?? "", method, ...considered],
    ts: change.ts,
    session,
    ...(call === undefined ? {} : { call }),
    body: {
      kind: "change_session",
      record: change.id,
      method,
      confidence,
      basis: considered.length,
    },
  };
}
