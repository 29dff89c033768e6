import { z } from "zod";
import { type Approval, type ApprovalFault, faultOf, yesesOf } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";
import { isCovered } from "../requirement.ts";
import type { CallStory, Story } from "../story.ts";

/**
 * A yes was used for what it was not given for: `mutated`, other arguments ran than were shown; `expired`, it ran after the yes had ended;
 * `replayed`, one yes for one time, and more than one execution.
 */
export const approvalMisused: Condition = condition({
  cases: ["mutated", "expired", "replayed"],
  inputs: ["tool_call", "approval"],
  parameters: z.strictObject({}),
  find: (story) => {
    const used = new Map<string, string>();
    return story.calls.flatMap((call) => {
      if (call.status !== "executed") return [];
      const hit = (name: Misuse, yes: Approval) => ({
        case: name,
        at: timeOf(call.anchor),
        call: call.call,
        about: yes.id,
        refs: [call.anchor.id, yes.id],
      });
      const yeses = yesesOf(call, story);
      const again = replayed(call, yeses, used);
      return [
        ...badly(call, yeses, story).map(({ name, yes }) => hit(name, yes)),
        ...(again === undefined ? [] : [hit("replayed", again)]),
      ];
    });
  },
});

/** A yes that fails is not told where another one makes its fault harmless. */
function badly(
  call: CallStory,
  yeses: readonly Approval[],
  story: Story,
): readonly { readonly name: Misuse; readonly yes: Approval }[] {
  const judged = yeses.map((yes) => ({ yes, fault: faultOf(yes, call, story) }));
  const sound = judged.flatMap(({ yes, fault }) => (fault === undefined ? [yes] : []));
  return judged.flatMap(({ yes, fault }) => {
    const name = fault === undefined ? undefined : misuses.get(fault);
    if (name === undefined || isHarmless(name, yes, sound, () => isCovered(call, story))) return [];
    return [{ name, yes }];
  });
}

/**
 * A second yes that was given for what ran makes the first one's mismatch harmless. What fails of an authority's is cleared by an authority's alone, and
 * not by the agent's own word that somebody agreed; but a further run with a valid decision of its own leaves a used yes alone.
 */
function isHarmless(
  name: Misuse,
  yes: Approval,
  sound: readonly Approval[],
  isDecided: () => boolean,
): boolean {
  if (!isAuthoritys(yes)) return sound.length > 0;
  return sound.some(isAuthoritys) || (name === "replayed" && isDecided());
}

function isAuthoritys({ src }: Approval): boolean {
  return src.auth.kind === "authority";
}

type Misuse = "mutated" | "expired" | "replayed";

const misuses: ReadonlyMap<ApprovalFault, Misuse> = new Map([
  ["other_action", "mutated"],
  ["expired", "expired"],
  ["replayed", "replayed"],
]);

/** More executions of one call than it has yeses for one time, or one grant for one time under two calls. Calls come in order. */
function replayed(
  call: CallStory,
  yeses: readonly Approval[],
  used: Map<string, string>,
): Approval | undefined {
  if (yeses.some(({ body }) => body.scope !== "once")) return undefined;
  const runs = new Set(
    call.results
      .filter(({ body }) => body.status === "executed" && body.primary)
      .map(({ id }) => id),
  );
  const [first] = yeses;
  const given = new Set(yeses.map(({ id }) => id)).size;
  if (first !== undefined && runs.size > given) return first;
  for (const yes of yeses) {
    const { grant } = yes.body;
    if (grant === undefined) continue;
    const before = used.get(grant);
    if (before !== undefined && before !== call.call) return yes;
    used.set(grant, call.call);
  }
  return undefined;
}
