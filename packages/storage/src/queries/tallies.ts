import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found, type Window, windowOf } from "./ask.ts";

/** One release of one agent, in a window. */
export interface TallyFilter extends Window {
  readonly agent: string;
  readonly version: string | null;
}

/** Points of an agent's own metrics that name no session, the newest `talliesMax` of them; `cut`: there are older ones. */
export async function namelessTallies(
  asked: Asked,
  filter: TallyFilter,
): Promise<{ readonly records: readonly FoundRecord[]; readonly cut: boolean }> {
  const rows = await ask(asked, "tallies-of-agent", {
    ...windowOf(filter),
    agent: filter.agent,
    release: filter.version ?? "",
    limit: storageLimits.talliesMax,
  });
  return { records: rows.map(found), cut: rows.length >= storageLimits.talliesMax };
}
