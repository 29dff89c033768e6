import { countedTogether, crossCheck, tallyPoints } from "@custody/context";
import type { CrossCheck } from "@custody/model";
import { type Asked, namelessTallies, type Window } from "@custody/storage/queries";
import type { SeenAgent } from "./seen-agent.ts";

/**
 * Some agents' metrics name no session: what they count is held against all sessions of that release in the period together, and only
 * where those are all there are and none of them reaches out of it.
 */
export async function agentCrossCheck(
  { name, version, sessions, all }: SeenAgent,
  asked: Asked,
  period: Window,
): Promise<readonly CrossCheck[]> {
  const { records, cut } = await namelessTallies(asked, { ...period, agent: name, version });
  const views = sessions.map(({ view }) => view);
  const reachesOut = views.some(({ started_at }) => started_at < (period.from ?? ""));
  const lastRecordAt =
    sessions
      .map((one) => one.lastRecordAt)
      .sort()
      .at(-1) ?? "";
  const apart =
    !all || cut
      ? "Not all sessions of the period were looked at."
      : reachesOut || period.to !== undefined
        ? "Sessions may reach out of the period, and their points do not say which are theirs."
        : undefined;
  return crossCheck(
    tallyPoints(records),
    countedTogether(sessions.map(({ counted }) => counted())),
    {
      lastRecordAt,
      open: views.some(({ status }) => status === "open"),
      ...(apart === undefined ? {} : { apart }),
    },
  );
}
