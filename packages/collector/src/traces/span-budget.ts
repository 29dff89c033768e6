/** What may be told of one kind of work now: undefined is nothing, else how many went by untold since the last. */
export type SpanBudget = (kind: string) => number | undefined;

/**
 * At most so many spans of a kind a second, so that what tracing costs does not grow with the load. The first of each second are told;
 * what was not is counted on the next that is.
 */
export function createSpanBudget(perSecondMax: number, nowMs: () => number): SpanBudget {
  const kinds = new Map<string, { second: number; told: number; skipped: number }>();
  return (kind) => {
    const second = Math.floor(nowMs() / 1000);
    const state = kinds.get(kind) ?? { second, told: 0, skipped: 0 };
    kinds.set(kind, state);
    if (state.second !== second) Object.assign(state, { second, told: 0 });
    if (state.told >= perSecondMax) {
      state.skipped++;
      return undefined;
    }
    state.told++;
    const { skipped } = state;
    state.skipped = 0;
    return skipped;
  };
}
