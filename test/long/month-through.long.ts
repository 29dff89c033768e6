import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generateWorld, type MonthPlan, wholeMonth2 } from "../month/month.ts";
import { clocksWrong } from "../month/run/compare-orders.ts";
import { disordered, queued } from "../month/run/disorder.ts";
import { keyText, type Live, openLive } from "../month/run/live.ts";
import { sendAll } from "../month/run/send.ts";
import { type Delivery, sendings } from "../month/speech/deliver.ts";

const days = Number(process.env["MONTH_DAYS"]);
const plan: MonthPlan =
  days >= wholeMonth2.days
    ? wholeMonth2
    : { seed: 41, agents: 8 * days, days, times: 1, namesModels: true };
const begin = Date.parse("2026-09-30T00:00:00.000Z");
const end = begin + (days + 3) * 86_400_000;

type Item = Readonly<Record<string, unknown>>;

async function read(live: Live, path: string): Promise<Item> {
  const key = keyText({ method: "bearer", kind: "investigator", subject: "noor.security" });
  const headers = { host: "localhost", authorization: `Bearer ${key}` };
  const answer = await live.api.app.inject({ method: "GET", url: path, headers });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
  return JSON.parse(answer.body) as Item;
}

/** A commitment is salted anew wherever its record is written, and the records of findings are named by how much was known when they were. */
function comparable({ record_ids: _, ...item }: Item): Item {
  const observation = item["observation"];
  return typeof observation === "object" && observation !== null
    ? { ...item, observation: { ...observation, digest: null } }
    : item;
}

function isWatch(one: unknown): boolean {
  return typeof one === "object" && one !== null && "id" in one && one.id === "tel.watch";
}

/** Whether it watched all the time is of the process, whose clock this test moves by leaps. */
function withoutWatch(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((one: unknown) => !isWatch(one)).map(withoutWatch);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutWatch(one)]));
}

/** A list's items by their ids, every page of it. */
async function listed(live: Live, path: string): Promise<ReadonlyMap<string, Item>> {
  const items: Item[] = [];
  let cursor = "";
  do {
    const page = await read(live, `${path}${cursor}`);
    items.push(...(page["items"] as readonly Item[]));
    cursor = page["next"] === null ? "" : `&cursor=${encodeURIComponent(String(page["next"]))}`;
  } while (cursor !== "");
  return new Map(items.map((item) => [String(item["id"]), comparable(item)]));
}

/** What is shown in one order and not alike in the other, told short. */
function differing(
  left: ReadonlyMap<string, Item>,
  right: ReadonlyMap<string, Item>,
): readonly string[] {
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((id) => {
    const [one, other] = [left, right].map((shown) => JSON.stringify(shown.get(id) ?? null));
    if (one === other || one === undefined || other === undefined) return [];
    const at = [...one].findIndex((unit, index) => unit !== other[index]);
    return [`${id}: ${one.slice(Math.max(0, at - 100), at + 60)} | ${other.slice(at, at + 60)}`];
  });
}

/** The API answers for 31 days at most, and the end of what was late lies beyond the month. */
const postureDays = 17;

async function postures(live: Live): Promise<readonly Item[]> {
  const starts: number[] = [];
  for (let at = begin; at < end; at += postureDays * 86_400_000) starts.push(at);
  const told: Item[] = [];
  for (const at of starts) {
    const to = Math.min(end, at + postureDays * 86_400_000);
    const window = `from=${new Date(at).toISOString()}&to=${new Date(to).toISOString()}`;
    told.push(await read(live, `/v1/posture?${window}`));
  }
  return told;
}

interface Shown {
  readonly actions: ReadonlyMap<string, Item>;
  readonly sessions: ReadonlyMap<string, Item>;
  readonly postures: readonly Item[];
}

async function shown(sent: readonly Delivery[]): Promise<Shown> {
  const folder = mkdtempSync(join(tmpdir(), "custody-month-"));
  const live = await openLive(folder, begin);
  try {
    await sendAll(live, sent);
    live.moveTo(end);
    await live.settled();
    const window = `from=2026-09-30T00:00:00Z&to=${new Date(end).toISOString()}`;
    return {
      actions: await listed(live, `/v1/actions?limit=1000&${window}`),
      sessions: await listed(live, `/v1/sessions?limit=1000&${window}`),
      postures: await postures(live),
    };
  } finally {
    await live.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test(`through the real collector, ledger and store ${days} days, late and repeated, show the same actions, sessions and posture`, async () => {
  const world = generateWorld(plan);
  // What they send is told from the time of receipt: posture counts them in, so they are not sent here.
  const wrong = [...clocksWrong(world)];
  const sent = queued(sendings(world)).filter(
    ({ delivery }) => !wrong.some((session) => delivery.body.includes(session)),
  );
  const inOrder = await shown(sent.map(({ delivery }) => delivery));
  const late = await shown(disordered(sent, { seed: 5 }));
  const { actions, sessions } = inOrder;
  process.stdout.write(
    `${sent.length} requests, ${wrong.length} sessions left out, ${sessions.size} sessions, ${actions.size} actions\n`,
  );
  expect(inOrder.actions.size).toBeGreaterThan(30);
  expect(differing(actions, late.actions)).toEqual([]);
  expect(differing(sessions, late.sessions)).toEqual([]);
  expect(withoutWatch(late.postures)).toEqual(withoutWatch(inOrder.postures));
});
