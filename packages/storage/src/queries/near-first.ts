import { type Row, type SqlValue, shiftMillis } from "@custody/model";
import { type Asked, ask, beforeOf, type Paging, windowOf } from "./ask.ts";
import type { Position } from "./cursor.ts";

/** Six hours, four days, a month: most pages are filled by the first. */
const spansMs = [21_600_000, 345_600_000, 2_764_800_000] as const;

export type WindowParams = Readonly<Record<string, SqlValue>>;

/**
 * The newest rows of a list. Asks the latest hours first and widens until the page is full: an order that runs over every day would open
 * every part of every day to find what lies in the last one.
 */
export async function nearFirst(
  asked: Asked,
  paging: Paging,
  position: Position | undefined,
  limit: number,
  read: (params: WindowParams) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const window = windowOf(paging);
  const before = beforeOf(paging, position);
  const end = position?.at ?? paging.to ?? (await newest(asked));
  for (const span of spansMs) {
    const from = end === undefined ? window.from : shiftMillis(end, -span);
    if (from <= window.from) break;
    // The next span is only asked where this one did not fill the page.
    const rows = await read({ ...window, ...before, from });
    if (rows.length >= limit) return rows;
  }
  return read({ ...window, ...before });
}

/** When the last record was received; undefined where there is none. */
export async function newest(asked: Asked): Promise<string | undefined> {
  const [row] = await ask(asked, "newest", {});
  const time = String(row?.["newest"]);
  return time < "1971" ? undefined : time;
}
