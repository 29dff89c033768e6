import type { FactState } from "@custody/model";

/** What several records say of the same fact: one that tells it is enough. */
export function bestState(states: readonly FactState[]): FactState {
  return (
    (["reported", "withheld", "missing"] as const).find((state) => states.includes(state)) ??
    "unknown"
  );
}

/** What can be said of a whole session: one that was held back, lost, or cannot be told shows, so that `reported` means every one. */
export function worstState(states: readonly FactState[]): FactState {
  return (
    (["withheld", "missing", "unknown", "reported"] as const).find((state) =>
      states.includes(state),
    ) ?? "unknown"
  );
}
