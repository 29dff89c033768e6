import type { DoorVerdict } from "@custody/context";
import type { AnyFact, Principal } from "@custody/model";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

/** The dialect of facts that came in through our own JSON doors. */
export const doorDialect = "custody-api";

/** The fact of a door, or a 400 that says what to mend. */
export function factOf<T extends AnyFact>(verdict: DoorVerdict<T>): T {
  if (verdict.outcome === "ok") return verdict.fact;
  throw new Refusal("malformed", verdict.reason);
}

/** Commits one fact and answers its record id. */
export async function writeFact(
  { river, meters }: CollectorContext,
  principal: Principal,
  fact: AnyFact,
): Promise<{ readonly record_id: string }> {
  const delivered = await river.facts(principal, [{ dialect: doorDialect, fact }]);
  meters.received(1, principal);
  refuseUnlessCommitted(delivered.verdict, meters);
  return { record_id: delivered.ids[0] ?? "" };
}
