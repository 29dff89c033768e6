import type { Rule } from "@custody/detections";
import { generateWorld, type MonthPlan } from "../month.ts";
import { sendings } from "../speech/deliver.ts";
import type { World } from "../world/world.ts";
import { actionsOf } from "./actions.ts";
import { type Disorder, disordered, queued } from "./disorder.ts";
import { hearAndLook, type Told } from "./incremental.ts";

export interface Orders {
  readonly records: number;
  /** Records that were heard at another time than in order. */
  readonly late: number;
  /** Requests that came twice. */
  readonly doubled: number;
  readonly looks: readonly [number, number];
  /** Written on the way, in order and in disorder. */
  readonly written: readonly [number, number];
  readonly findings: number;
  readonly actions: number;
  /** What is said in one order and not in the other. */
  readonly differing: {
    readonly records: readonly string[];
    readonly actions: readonly string[];
    readonly findings: readonly string[];
  };
  /** Sessions left out of the comparison. */
  readonly clocksWrong: number;
}

/**
 * The same month in order and in disorder, looked at as it came, and what is different at the end. A session whose own clock is wrong by more than
 * the limit is told from the time of receipt alone (D-TEL-02, `at`), so it depends on it: those are left out, and counted.
 */
export function compareOrders(
  plan: MonthPlan,
  rules: readonly Rule[],
  how: Disorder & { readonly everyMs: number },
): Orders {
  const world = generateWorld(plan);
  const sent = queued(sendings(world));
  const moved = disordered(sent, how);
  const inOrder = hearAndLook(
    sent.map(({ delivery }) => delivery),
    rules,
    how.everyMs,
  );
  const inDisorder = hearAndLook(moved, rules, how.everyMs);
  const wrong = clocksWrong(world);
  const isLeftOut = (text: string): boolean => [...wrong].some((session) => text.includes(session));
  const whole = (text: string): string => (how.shuffled ? withoutStanding(text) : text);
  const actions = actionsOf(inOrder.heard, whole);
  return {
    records: inOrder.heard.records.length,
    late: lateOf(inOrder, inDisorder),
    doubled: moved.length - sent.length,
    looks: [inOrder.looks, inDisorder.looks],
    written: [inOrder.written, inDisorder.written],
    findings: inOrder.open.size,
    actions: actions.size,
    differing: {
      records: difference(shasOf(inOrder), shasOf(inDisorder)),
      actions: difference(actions, actionsOf(inDisorder.heard, whole)).filter(
        (text) => !isLeftOut(text),
      ),
      findings: difference(inOrder.open, inDisorder.open).filter((text) => !isLeftOut(text)),
    },
    clocksWrong: wrong.size,
  };
}

/** Whether a yes that the agent itself tells was heard before what came of the call: it depends on the order alone. */
function withoutStanding(text: string): string {
  return text.replace(/"standing":\{[^}]*\},/g, "");
}

export function clocksWrong({ truth }: World): ReadonlySet<string> {
  return new Set(
    truth.flatMap(({ family, session }) =>
      family === "D-TEL-02" && session !== undefined ? [session] : [],
    ),
  );
}

function lateOf(inOrder: Told, inDisorder: Told): number {
  const heard = new Map(inOrder.heard.records.map(({ sha, record }) => [sha, record.rx]));
  return inDisorder.heard.records.filter(({ sha, record }) => heard.get(sha) !== record.rx).length;
}

const shasOf = ({ heard }: Told): ReadonlyMap<string, string> =>
  new Map(heard.records.map(({ sha, record }) => [sha, record.class]));

/** Of two maps what is not in both alike, with the sign of where it is. */
function difference(
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): readonly string[] {
  const onlyIn = (
    sign: string,
    one: ReadonlyMap<string, string>,
    other: ReadonlyMap<string, string>,
  ): readonly string[] =>
    [...one].flatMap(([key, text]) => (other.get(key) === text ? [] : [`${sign} ${text} ${key}`]));
  return [...onlyIn("-", left, right), ...onlyIn("+", right, left)];
}
