import { millisOf } from "@custody/model";
import type { Clue, Hit } from "@custody/storage/queries";
import type { Investigation } from "../contract/investigation.ts";
import { type Alert, cluesOf } from "./alert.ts";

type Step = Investigation["next"][number];

interface Found extends Pick<Investigation, "sessions" | "actions" | "unexplained" | "cut"> {
  /** Clues that at least one record of the window carries. */
  readonly carried: readonly Clue[];
}

const units = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "m"],
  [1_000, "s"],
] as const;

/** What to do with the answer: where the nearest record lies if there is none, what to read first, how to narrow what was cut. */
export function nextSteps(alert: Alert, found: Found, nearest: Hit | undefined): readonly Step[] {
  const { sessions, actions, unexplained, cut, carried } = found;
  if (sessions.length === 0 && unexplained.length === 0) return [nothing(alert, nearest)];
  const steps: Step[] = [];
  const first = actions.find(({ listed }) => listed === "matched");
  if (first !== undefined) {
    steps.push({
      say: `The dossier of the first action that matches: ${first.action.id}.`,
      path: first.path,
    });
  }
  const [record] = first?.evidence ?? sessions[0]?.why ?? [];
  if (record !== undefined) {
    steps.push({
      say: "Who said the record that matches best, and what would make it false.",
      path: `${record.path}/explain`,
    });
  }
  if (unexplained.length > 0) {
    const { length } = unexplained;
    const flows =
      length === 1 ? "1 flow that no call explains" : `${length} flows that no call explains`;
    steps.push({
      say: `${flows}: what ran then beside the agent, or was left running by it?`,
      path: unexplained[0]?.path ?? null,
    });
  }
  const missed = cluesOf(alert).flatMap(([clue]) => (carried.includes(clue) ? [] : clue));
  if (missed.length > 0) {
    steps.push({
      say: `No record of the window carries the ${missed.join(" or the ")} asked for.`,
      path: null,
    });
  }
  if (cut.length > 0) {
    const names = cut.map(({ what, max }) => `${what} (${max})`).join(", ");
    steps.push({
      say: `Limits were met: ${names}. A narrower window, or another clue, shows what was left out.`,
      path: null,
    });
  }
  return steps;
}

function nothing({ at, withinMs }: Alert, nearest: Hit | undefined): Step {
  const window = `Nothing within ${words(withinMs)} of ${at}`;
  if (nearest === undefined) {
    return {
      say: `${window}, nor within a day of it. Check the spelling and the time's zone; \`custody doctor\` says whether anything reports here at all.`,
      path: null,
    };
  }
  const away = millisOf(nearest.at) - millisOf(at);
  const side = away < 0 ? "before" : "after";
  return {
    say: `${window}; the nearest is at ${nearest.at}, ${words(Math.abs(away))} ${side}. Ask again with that time.`,
    path: `/v1/records/${nearest.id}`,
  };
}

/** A span of time in its two largest units. */
function words(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "less than 1s";
}
