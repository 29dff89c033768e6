import type {
  ChangedFile,
  ChangeStanding,
  ChangeView,
  LedgerRecord,
  PlacedRecord,
} from "@custody/model";
import { groupByCall } from "../call-group.ts";
import { callOutcome } from "../call-status.ts";
import { callDirectory, callWrites } from "../call-touches.ts";
import { groupBy } from "../group-by.ts";
import type { OpenedContent } from "../opened-content.ts";
import { winningLinkOf } from "../placement.ts";
import { compareText, distinctById, isOf, ofClass } from "../record-order.ts";
import { readFiles } from "./change-files.ts";
import { isFileOf } from "./committed-path.ts";

type Change = LedgerRecord<"change">;

export interface ChangeViewInput {
  readonly session: string;
  /** Records of changes that a link gave to the session, or that name it. */
  readonly changes: readonly PlacedRecord[];
  /** Every link made of them. */
  readonly links: readonly PlacedRecord[];
  /** The session's own records, for who wrote which file. */
  readonly records: readonly PlacedRecord[];
  /** Arguments of its calls, and files of the changes; undefined for readers of metadata. */
  readonly contents: readonly OpenedContent[] | undefined;
}

/**
 * The commits of a session, each once with all that observers said of it, and those that only claim to be: whoever writes a commit message writes any
 * session's name into it, so a name alone is shown as `claimed` and never counted.
 */
export function changeViews(input: ChangeViewInput): readonly ChangeView[] {
  const winners = winningLinkOf(
    input.links.filter(
      ({ record }) => isOf(record, "link") && record.body.kind === "change_session",
    ),
  );
  const all = ofClass(distinctById(input.changes), "change");
  const groups = groupBy(all, ({ id, body }) => JSON.stringify(body.commit ?? id));
  const writes = input.contents && writesOf(input);
  return [...groups.values()]
    .flatMap((group) => {
      const stand = standOf(group, winners, input.session);
      if (stand === undefined) return [];
      const commit = group[0]?.body.commit;
      // What a pull request made of a commit tells who reviewed it.
      const made = commit === undefined ? [] : all.filter(({ body }) => body.pr_head === commit);
      return [viewOf([...made, ...group], group, stand, input.contents, writes)];
    })
    .sort(
      (left, right) =>
        compareText(left.at, right.at) || compareText(left.commit ?? "", right.commit ?? ""),
    );
}

/** How many of them are the session's own; what a pull request made of one is not another. */
export function countCommits(views: readonly ChangeView[]): number {
  const own = views.filter(({ standing }) => standing === "linked");
  return own.filter(({ match }) => match.method !== "pull_request").length;
}

type Stand = Pick<ChangeView, "standing" | "match" | "call">;

function standOf(
  changes: readonly Change[],
  winners: ReadonlyMap<string, LedgerRecord<"link">>,
  session: string,
): Stand | undefined {
  const own = changes
    .flatMap(({ id }) => winners.get(id) ?? [])
    .filter((link) => link.session === session);
  const link = own.find(({ body }) => body.confidence !== "low") ?? own[0];
  if (link !== undefined) {
    const { method, confidence } = link.body;
    return {
      standing: standingOf(method, confidence),
      match: { method, confidence },
      call: link.call ?? null,
    };
  }
  const claim = changes.some(({ body }) => body.trailer_sessions?.includes(session))
    ? "trailer"
    : changes.some(({ body }) => body.trace_sessions?.includes(session))
      ? "agent_trace"
      : undefined;
  if (claim === undefined) return undefined;
  return { standing: "claimed", match: { method: claim, confidence: "low" }, call: null };
}

function standingOf(method: string, confidence: string): ChangeStanding {
  if (confidence !== "low") return "linked";
  return method === "repo_and_interval" ? "possible" : "claimed";
}

function viewOf(
  requests: readonly Change[],
  changes: readonly Change[],
  stand: Stand,
  contents: readonly OpenedContent[] | undefined,
  writes: readonly Write[] | undefined,
): ChangeView {
  const seen = changes.filter(({ body }) => body.event !== "trace");
  const told = seen.length > 0 ? seen : changes;
  const last = <K extends keyof Change["body"]>(name: K): NonNullable<Change["body"][K]> | null =>
    told.findLast(({ body }) => body[name] !== undefined)?.body[name] ?? null;
  const asked = <K extends keyof Change["body"]>(name: K): NonNullable<Change["body"][K]> | null =>
    requests.findLast(({ body }) => body[name] !== undefined)?.body[name] ?? null;
  const changed = contents && writes && changedOf(told, contents, writes);
  return {
    commit: last("commit"),
    repo: changes.findLast(({ body }) => body.repo !== undefined)?.body.repo ?? null,
    at: last("committed_ts") ?? told[0]?.ts ?? "",
    ...stand,
    grade: told.some(({ grade }) => grade === "observed")
      ? "observed"
      : (told[0]?.grade ?? "reported"),
    agents: [...new Set(changes.flatMap(({ body }) => body.agents ?? []))].sort(compareText),
    branch: last("branch"),
    pr: asked("pr"),
    pr_host: asked("pr_host"),
    reviewers: asked("reviewers"),
    checks_passed: asked("checks_passed"),
    merged_by: asked("merged_by"),
    merged_at: asked("merged_ts"),
    deployed_env: last("deployed_env"),
    files: last("files"),
    added: last("added"),
    removed: last("removed"),
    attributed: changed?.filter(({ calls }) => calls.length > 0).length ?? null,
    unattributed: changed?.filter(({ calls }) => calls.length === 0).length ?? null,
    changed: changed ?? null,
    record_ids: changes.map(({ id }) => id).sort(compareText),
  };
}

/** What one call says that it wrote. */
interface Write {
  readonly call: string;
  readonly path: string;
  readonly directory: string | undefined;
}

/** What did not run wrote nothing. */
const wroteNothing: ReadonlySet<string> = new Set(["denied", "blocked", "error"]);

function writesOf({ session, records, contents = [] }: ChangeViewInput): readonly Write[] {
  const byRecord = groupBy(contents, ({ record }) => record);
  return [...groupByCall(records, session)].flatMap(([call, group]) => {
    if (wroteNothing.has(callOutcome(group).status)) return [];
    return group.flatMap(({ record }) => {
      if (!isOf(record, "tool_call") && !isOf(record, "decision")) return [];
      const { tool, kind } = record.body;
      const text = byRecord.get(record.id)?.find(({ path }) => path === "arguments")?.text;
      if (text === undefined) return [];
      const directory = callDirectory(tool, kind, text);
      return callWrites(tool, kind, text).map((path) => ({ call, path, directory }));
    });
  });
}

/** The files of the fullest account; an attribution names only what agents wrote. */
function changedOf(
  changes: readonly Change[],
  contents: readonly OpenedContent[],
  writes: readonly Write[],
): readonly ChangedFile[] | undefined {
  const lists = changes.flatMap(({ id }) => {
    const text = contents.find(({ record, path }) => record === id && path === "files")?.text;
    return text === undefined ? [] : [readFiles(text)];
  });
  const [fullest] = lists.toSorted((left, right) => right.length - left.length);
  return fullest?.map((file) => {
    const own = writes.filter(({ path, directory }) => isFileOf(file.path, path, directory));
    return { ...file, calls: [...new Set(own.map(({ call }) => call))].sort(compareText) };
  });
}
