import type { ActionView, PlacedRecord, SandboxDisagreement } from "@custody/model";
import { confinementOf } from "./confinement.ts";
import { latest, ofClass } from "./record-order.ts";
import { asksOutside, sandboxView, violationsOf, withoutWeakSandboxes } from "./sandbox-view.ts";

type ActionSandbox = NonNullable<ActionView["sandbox"]>;

/** Words of a runtime for something that it did not let happen. */
const stopped: ReadonlySet<string> = new Set([
  "denied",
  "blocked",
  "refused",
  "killed",
  "eacces",
  "eperm",
  "erofs",
]);

/** Whether a runtime says that it stopped something in this call. */
export function stoppedByRuntime(records: readonly PlacedRecord[]): boolean {
  return violationsOf(records).some(
    ({ grade, result }) => grade === "observed" && isStopped(result),
  );
}

function isStopped(result: string | null): boolean {
  return result !== null && stopped.has(result.toLowerCase());
}

/** The confinement a call ran in and what that did to it: the agent's account and the runtime's, apart. `records` are those of the call. */
export function actionSandbox(
  records: readonly PlacedRecord[],
  sessionLevel: readonly PlacedRecord[],
  session: string,
  at: string | null,
): ActionSandbox | null {
  const all = withoutWeakSandboxes([...sessionLevel, ...records], session);
  const confinement = confinementOf(all, at ?? undefined);
  const said = latest(ofClass(records, "sandbox").filter(({ body }) => body.outcome !== undefined));
  const violations = violationsOf(records);
  const asked = asksOutside(records);
  if (confinement === null && said === undefined && violations.length === 0 && !asked) return null;
  const view = sandboxView(all, session, at ?? undefined);
  const outcome = said?.body.outcome ?? null;
  return {
    mode: confinement?.mode ?? null,
    backend: confinement?.backend ?? null,
    outcome: outcome ?? (stoppedByRuntime(records) ? "denied" : null),
    grade: confinement?.grade ?? said?.grade ?? violations[0]?.grade ?? "inferred",
    vantage: said?.vantage ?? null,
    asked_outside: asked,
    violations,
    ...view,
    disagreement: [
      ...view.disagreement,
      ...ofViolations(violations, outcome),
      ...ofEscalation(view.observed, outcome),
    ],
  };
}

/** The runtime stopped something, and the agent's own enforcing part tells nothing of it, or the other way about: only the former is a contradiction. */
function ofViolations(
  violations: ActionSandbox["violations"],
  outcome: ActionSandbox["outcome"],
): readonly SandboxDisagreement[] {
  const seen = violations.find(({ grade, result }) => grade === "observed" && isStopped(result));
  if (seen === undefined || outcome !== null) return [];
  return [
    { about: "violation", observed: `${seen.kind} ${seen.result ?? ""}`.trim(), reported: "none" },
  ];
}

function ofEscalation(
  observed: ActionSandbox["observed"],
  outcome: ActionSandbox["outcome"],
): readonly SandboxDisagreement[] {
  if (outcome !== "escalated" || observed?.escapes_allowed !== false) return [];
  return [{ about: "escalation", observed: "no escapes", reported: outcome }];
}
