import type { PlacedRecord, SessionView } from "@custody/model";
import { confinementOf } from "./confinement.ts";
import { changesOf, sandboxView, violationsOf, withoutWeakSandboxes } from "./sandbox-view.ts";

/** The confinement of a session as it was last, with both sides' words for it, what became another meanwhile, and how often the walls were met. */
export function sessionSandbox(
  own: readonly PlacedRecord[],
  session: string,
  began: string,
): SessionView["sandbox"] {
  const placed = withoutWeakSandboxes(own, session);
  const confinement = confinementOf(placed, undefined);
  const violations = violationsOf(placed).length;
  if (confinement === null && violations === 0) return null;
  return {
    ...(confinement ?? { mode: null, backend: null, grade: "observed" }),
    ...sandboxView(placed, session),
    changes: changesOf(placed, began),
    violations,
  };
}
