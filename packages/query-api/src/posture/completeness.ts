import {
  type ExpectedHeard,
  gapCounts,
  heardOf,
  isAgents,
  isExpected,
  missingOf,
  reconciliationsOf,
  type SilentView,
  type SourceView,
  type WindowFacts,
} from "@custody/context";
import { millisOf } from "@custody/model";
import {
  type Asked,
  driftCounts,
  dropRows,
  gapRecords,
  ledgerRows,
  type SeenRow,
  seenElsewhere,
} from "@custody/storage/queries";
import type { CompletenessView, GapView } from "../contract/completeness.ts";
import { postureLimits } from "./limits.ts";
import { unseenOf } from "./unseen.ts";
import { downtimesIn, type PostureWindow, standingOf, windowFacts } from "./window-facts.ts";

/** What came in a window, what did not, and what nobody could have seen. */
export async function completenessOf(
  asked: Asked,
  window: PostureWindow,
  now: string,
): Promise<CompletenessView> {
  const facts = await windowFacts(asked, window, await standingOf(asked, now));
  const heard = heardOf(facts.expected ?? [], facts.sources);
  const silent = heard.filter((one) => !one.heard).slice(0, postureLimits.namedMax);
  const seen = await seenElsewhere(asked, namesOf(silent, facts), window);
  const downtimes = downtimesIn((await gapRecords(asked, window)).records, window);
  const ledgers = await ledgerRows(asked, window);
  const open = facts.gaps.filter(({ status }) => status === "open");
  const end = window.to < now ? window.to : now;
  return {
    ...window,
    coverage:
      facts.expected === undefined || heard.length === 0
        ? "unknown"
        : {
            heard: heard.length - heard.filter((one) => !one.heard).length,
            expected: heard.length,
          },
    silent: silent.map((one) => silentView(one, seen)),
    sources: await sourceViews(asked, facts, window, { end, seen }),
    gaps: {
      open: open.length,
      closed: facts.gaps.length - open.length,
      missing: open.reduce((sum, gap) => sum + missingOf(gap), 0),
      items: gapViews(facts),
    },
    reconciliations: reconciliationsOf(facts),
    downtime: {
      total_ms: downtimes.reduce((sum, { ms }) => sum + ms, 0),
      spans: downtimes.map(({ from, to }) => ({ from, to })),
    },
    ledgers: ledgers.map(({ origin, leaves, seals, firstLeaf, lastLeaf, firstAt, lastAt }) => ({
      origin,
      records: leaves,
      seals,
      first_leaf: firstLeaf,
      last_leaf: lastLeaf,
      first_at: firstAt,
      last_at: lastAt,
    })),
    unseen: unseenOf(facts),
    cut: facts.cut,
  };
}

/** Names under which observers may know those who are silent, and those who spoke: devices, and subjects of keys. */
function namesOf(silent: readonly ExpectedHeard[], { sources }: WindowFacts): readonly string[] {
  const named = silent.flatMap(({ entry }) =>
    entry.kind === "agent" ? (entry.device === undefined ? [] : [entry.device]) : [entry.id],
  );
  return [...new Set([...named, ...sources.filter(isAgents).map(({ subject }) => subject)])];
}

function silentView({ entry }: ExpectedHeard, seen: readonly SeenRow[]): SilentView {
  const name = entry.kind === "agent" ? entry.device : entry.id;
  const elsewhere = seen.find((row) => row.name === name);
  return {
    kind: entry.kind,
    id: entry.id,
    device: entry.device ?? null,
    since: entry.since ?? null,
    elsewhere:
      elsewhere === undefined ? null : { things: elsewhere.things, last_at: elsewhere.lastAt },
  };
}

async function sourceViews(
  asked: Asked,
  facts: WindowFacts,
  window: PostureWindow,
  { end, seen }: { readonly end: string; readonly seen: readonly SeenRow[] },
): Promise<readonly SourceView[]> {
  const drops = await dropRows(asked, window);
  const drift = await driftCounts(asked, { ...window, limit: 1_000 });
  return facts.sources.map((source) => {
    const { subject, agent, version, firstAt, lastAt, records, sessions } = source;
    const own = facts.sessions.filter((one) => one.holder === subject && one.agent === agent);
    const unclean = own.filter(({ ending }) => ending === "unclean");
    const elsewhere = seen.find(({ name }) => name === subject);
    const quiet_ms = Math.max(0, millisOf(end) - millisOf(lastAt));
    const strayed = drift.rows.filter(
      (row) => row.agent === agent && (row.version ?? "") === version,
    );
    return {
      kind: source.kind,
      subject,
      agent: agent === "" ? null : agent,
      version: version === "" ? null : version,
      expected: isAgents(source) ? isExpected(source, facts.expected) : null,
      first_at: firstAt,
      last_at: lastAt,
      records,
      sessions,
      unclean_sessions: unclean.reduce((sum, { count }) => sum + count, 0),
      ...gapCounts(facts.gaps, subject),
      dropped: drops
        .filter((row) => row.subject === subject && row.agent === agent)
        .reduce((sum, { dropped }) => sum + dropped, 0),
      opaque: source.opaque,
      strayed: isAgents(source) ? strayed.reduce((sum, row) => sum + row.count, 0) : 0,
      misdated: source.misdated,
      clock_offset_ms_max: source.offsetMs,
      quiet_ms,
      silent:
        isAgents(source) &&
        elsewhere !== undefined &&
        millisOf(elsewhere.lastAt) - millisOf(lastAt) > postureLimits.quietMs,
    };
  });
}

function gapViews({ gaps }: WindowFacts): readonly GapView[] {
  return [...gaps]
    .sort((left, right) =>
      left.status === right.status
        ? left.seen_at < right.seen_at
          ? 1
          : -1
        : left.status === "open"
          ? -1
          : 1,
    )
    .slice(0, postureLimits.namedMax)
    .map(({ source, epoch, from, to, cause, status, seen_at, ...rest }) => ({
      source,
      epoch,
      from,
      to,
      missing: missingOf({ from, to, ...rest }),
      cause,
      status,
      seen_at,
    }));
}
