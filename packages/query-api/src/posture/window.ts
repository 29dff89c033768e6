import { type Clock, millisOf, shiftMillis } from "@custody/model";
import { pageQuery } from "../contract/page.ts";
import { Refusal } from "../errors.ts";
import { postureLimits } from "./limits.ts";
import type { PostureWindow } from "./window-facts.ts";

export const windowQuery = pageQuery.pick({ from: true, to: true });

/** The window asked for: the last seven days unless told, and at most 31. */
export function windowAsked(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  clock: Clock,
): PostureWindow {
  const to = query.to ?? clock.now();
  const from = query.from ?? shiftMillis(to, -postureLimits.windowMsDefault);
  const length = millisOf(to) - millisOf(from);
  if (length <= 0) throw new Refusal("bad-request", "query.from: not before query.to");
  if (length > postureLimits.windowMsMax) {
    throw new Refusal("bad-request", "query.from: a window is at most 31 days long");
  }
  return { from, to };
}

/** The window of the same length right before it: what a trend is measured by. */
export function windowBefore({ from, to }: PostureWindow): PostureWindow {
  return { from: shiftMillis(from, millisOf(from) - millisOf(to)), to: from };
}
