import {
  bypassWords,
  expectedIn,
  gapsOf,
  policyIntervals,
  type WindowFacts,
} from "@custody/context";
import { millisOf, type PlacedRecord, shiftMillis } from "@custody/model";
import {
  type Asked,
  approvalFacts,
  callGroups,
  dropRows,
  expectedRecords,
  type FoundRecord,
  flowGroups,
  gapRecords,
  groundFacts,
  policyRecords,
  sessionGroups,
  sourceRows,
  worldGroups,
} from "@custody/storage/queries";
import { postureLimits } from "./limits.ts";

export interface PostureWindow {
  readonly from: string;
  readonly to: string;
}

/** What holds for every window of a tenant: read once for a window and the one before it. */
export interface Standing {
  readonly policies: readonly FoundRecord[];
  readonly expected: readonly FoundRecord[];
  readonly now: string;
}

export async function standingOf(asked: Asked, now: string): Promise<Standing> {
  return { policies: await policyRecords(asked), expected: await expectedRecords(asked), now };
}

/** Everything posture and completeness rest on, as counts of groups. One question after another: the store's readers are few. */
export async function windowFacts(
  asked: Asked,
  window: PostureWindow,
  { policies, expected, now }: Standing,
): Promise<WindowFacts> {
  const { from, to } = window;
  const end = to < now ? to : now;
  const edges = edgesIn(policies, window);
  const quietSince = shiftMillis(end, -postureLimits.quietMs);
  const sessions = await sessionGroups(asked, { ...window, quietSince, bypass: bypassWords });
  const calls = await callGroups(asked, { ...window, edges });
  const flows = await flowGroups(asked, { ...window, edges });
  const sources = await sourceRows(asked, window);
  const staleBefore = shiftMillis(end, -postureLimits.staleGrantMs);
  const gaps = await gapRecords(asked, window);
  const drops = await dropRows(asked, window);
  return {
    from,
    to,
    sessions: sessions.groups,
    calls: calls.groups,
    flows: flows.groups,
    world: await worldGroups(asked, window),
    sources: sources.rows,
    approvals: await approvalFacts(asked, { ...window, staleBefore }),
    ground: await groundFacts(asked, window),
    gaps: gapsOf(gaps.records),
    droppedBySources: drops.reduce((sum, { dropped }) => sum + dropped, 0),
    downtimeMs: downtimesIn(gaps.records, window).reduce((sum, { ms }) => sum + ms, 0),
    expected: expected.length === 0 ? undefined : expectedIn(expected, window),
    policies,
    edges,
    cut: sessions.cut || calls.cut || flows.cut || sources.cut || gaps.cut,
  };
}

export interface Downtime {
  readonly from: string;
  readonly to: string;
  /** Of it, what lies in the window. */
  readonly ms: number;
}

/** Times without seals, as the ledgers say of themselves. */
export function downtimesIn(
  records: readonly PlacedRecord[],
  { from, to }: PostureWindow,
): readonly Downtime[] {
  return records.flatMap(({ record }) => {
    const { detail } = record.body as { detail: Readonly<Record<string, unknown>> };
    const [start, stop] = [detail["from"], detail["to"]];
    if (detail["kind"] !== "downtime" || typeof start !== "string" || typeof stop !== "string") {
      return [];
    }
    const [begin, end] = [start > from ? start : from, stop < to ? stop : to];
    return begin < end ? [{ from: start, to: stop, ms: millisOf(end) - millisOf(begin) }] : [];
  });
}

/** The moments in a window at which a policy begins or ends to count. */
function edgesIn(
  policies: readonly PlacedRecord[],
  { from, to }: PostureWindow,
): readonly string[] {
  const moments = policyIntervals(policies).flatMap((policy) =>
    [policy.from, policy.to].filter(
      (moment): moment is string => moment !== undefined && moment > from && moment < to,
    ),
  );
  return [...new Set(moments)].sort().slice(0, postureLimits.edgesMax);
}
