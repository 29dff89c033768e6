import { millisOf } from "@custody/model";
import { z } from "zod";
import { digestOf, standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { hiddenTexts, type Intent, intentOf, isHidden, repeats } from "../intent.ts";
import { detectionLimits } from "../limits.ts";
import { isOf, timeOf } from "../record-order.ts";
import type { CallStory, Story } from "../story.ts";

interface Denial {
  readonly record: string;
  readonly at: number;
  readonly call: string;
  readonly digest: string | undefined;
  readonly intent: Intent | undefined;
}

/**
 * What was refused ran soon after all, and no person said yes to the second try. `same`: the same arguments, or the same programs on the same
 * things, a script that was written before and run by its name included; `wrapped`: its words stand in a text that an interpreter was handed, plain or
 * as base64.
 */
export const deniedThenRetried: Condition = condition({
  cases: ["same", "wrapped"],
  inputs: ["approval", "tool_call"],
  parameters: z.strictObject({ window_ms: z.int().positive() }),
  find: (story, { window_ms }) => {
    const denials: Denial[] = [];
    return story.calls.flatMap((call) => {
      if (call.status === "denied") denials.push(denialOf(call));
      if (call.status !== "executed" || denials.length === 0) return [];
      const began = millisOf(call.startedAt);
      const compared = denials.slice(-detectionLimits.denialsComparedMax);
      const retried = likeness(
        call,
        compared.filter(({ at }) => began - at <= window_ms),
      );
      if (retried === undefined || isPersonsYes(call, story)) return [];
      return [
        {
          case: retried.case,
          at: timeOf(call.anchor),
          call: call.call,
          refs: [retried.record, call.anchor.id],
        },
      ];
    });
  },
});

function denialOf(call: CallStory): Denial {
  const refusals = call.told
    .filter((record) => isOf(record, "approval"))
    .filter(({ body }) => body.verdict === "deny" || body.verdict === "abort");
  const said = refusals.at(-1) ?? call.anchor;
  return {
    record: said.id,
    at: millisOf(timeOf(said)),
    call: call.call,
    digest: digestOf(call),
    intent: intentOf(call),
  };
}

function isPersonsYes(call: CallStory, story: Story): boolean {
  return standingFor(call, story).some(({ body }) => body.by === "human");
}

/** Against the latest denial first; being the same is surer than being hidden. */
function likeness(
  call: CallStory,
  denials: readonly Denial[],
): { readonly case: "same" | "wrapped"; readonly record: string } | undefined {
  const digest = digestOf(call);
  const intent = intentOf(call);
  const texts = hiddenTexts(call.programs ?? []);
  const latestFirst = denials.toReversed();
  const same = latestFirst.find(
    (denial) =>
      (digest !== undefined && denial.digest === digest) ||
      (denial.intent !== undefined && repeats(denial.intent, intent)),
  );
  if (same !== undefined) return { case: "same", record: same.record };
  const wrapped = latestFirst.find(
    (denial) => denial.intent !== undefined && isHidden(denial.intent, texts),
  );
  return wrapped && { case: "wrapped", record: wrapped.record };
}
