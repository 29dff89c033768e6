import type { FindingFact, Rule } from "@custody/detections";
import type { LedgerRecord } from "@custody/model";
import { generateWorld, type MonthPlan } from "../month.ts";
import { deliveries } from "../speech/deliver.ts";
import { wireCall } from "../world/wire-call.ts";
import type { Call, Seat, World } from "../world/world.ts";
import { createHeard, type Heard } from "./heard.ts";
import { findings } from "./look.ts";
import { type FamilyScore, score } from "./score.ts";

export interface Kind {
  readonly name: string;
  readonly count: number;
}

/** One rule's row of the table, and what was missed and said wrongly, by kind. */
export interface Row {
  readonly family: string;
  readonly incidents: number;
  readonly found: number;
  readonly seenOtherwise: number;
  readonly right: number;
  readonly wrong: number;
  readonly missed: readonly Kind[];
  readonly said: readonly Kind[];
}

export interface Measure {
  readonly agents: number;
  readonly days: number;
  readonly sessions: number;
  readonly calls: number;
  readonly records: number;
  readonly rows: readonly Row[];
}

/** Generates the month, hears it in order, asks the rules, and holds their answers against what happened. */
export function measure(plan: MonthPlan, rules: readonly Rule[]): Measure {
  const world = generateWorld(plan);
  const heard = createHeard();
  for (const delivery of deliveries(world)) heard.take(delivery);
  const { calls, families } = score(world, heard, findings(rules, heard));
  const describe = describer(world, heard);
  return {
    agents: plan.agents,
    days: plan.days,
    sessions: world.sessions.length,
    calls,
    records: heard.records.length,
    rows: families.map((family) => rowOf(family, describe)),
  };
}

type Describe = (finding: FindingFact) => string;

function rowOf(score: FamilyScore, describe: Describe): Row {
  const { family, incidents, found, seenOtherwise, right, wrong, missed } = score;
  return {
    family,
    incidents,
    found,
    seenOtherwise,
    right,
    wrong: wrong.length,
    missed: counted(missed.map(({ shape }) => shape)),
    said: counted(wrong.map((finding) => `${finding.body.case ?? ""}: ${describe(finding)}`)),
  };
}

function counted(names: readonly string[]): readonly Kind[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((left, right) => right.count - left.count || (left.name < right.name ? -1 : 1));
}

/** What the call of a finding was in truth, or else the first record it rests on. */
function describer(world: World, heard: Heard): Describe {
  const calls = new Map<string, { readonly seat: Seat; readonly call: Call }>();
  for (const { id, seat, steps } of world.sessions) {
    for (const step of steps) {
      if (step.is !== "call") continue;
      calls.set(`${id} ${wireCall(seat, step.call)}`, { seat, call: step.call });
    }
  }
  const records = new Map(heard.records.map(({ record }) => [record.id, record]));
  return ({ session, call, body }) => {
    const known = calls.get(`${session ?? ""} ${call ?? ""}`);
    if (known !== undefined) return callKind(known.seat, known.call);
    const record = records.get(body.refs[0] ?? "");
    return record === undefined ? "nothing heard" : recordKind(record);
  };
}

const whose: Readonly<Record<string, string>> = {
  auto: "by rule",
  user: "a person allowed it",
  "user-session": "a person allowed it",
  bypass: "a pipeline",
};

function callKind({ withholds }: Seat, { verb, target, ask }: Call): string {
  const words = target.split(" ");
  const short = verb === "shell" ? words.slice(0, 2).join(" ") : `${verb} ${fileOf(target)}`;
  return `\`${short}\` (${whose[ask] ?? ask}${withholds ? ", arguments withheld" : ""})`;
}

/** Generated names have a number in them. */
function fileOf(target: string): string {
  return target.replace(/^https:\/\/([^/]+).*$/, "$1").replace(/-[0-9a-f]{3}\.ts$/, "-….ts");
}

function recordKind(record: LedgerRecord): string {
  if (record.class !== "egress") return `a record of class ${record.class}`;
  return `a flow to ${(record as LedgerRecord<"egress">).body.host}`;
}
