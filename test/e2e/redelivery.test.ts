import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ActionView, SessionView } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "../captures/captured-agents.ts";
import { whenCaptured } from "../support/clock/when-captured.ts";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { inParallel } from "./in-parallel.ts";
import { linear, shuffled } from "./random.ts";
import { batchesOf, looseItems } from "./rebatch.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// Two collectors of one tenant. One is sent every capture once, as its agent sent it. The other gets every capture twice: taken apart,
// shuffled and put into other requests of OTLP/JSON, and the bodies as they were in another order. Both must know the same.

interface Known {
  readonly sources: ReadonlyMap<string, ToldRecord>;
  readonly links: ReadonlyMap<string, ToldRecord>;
  readonly conflicts: readonly ToldRecord[];
  readonly sessions: readonly SessionView[];
  readonly actions: readonly ActionView[];
}

const captures = capturedAgents.flatMap((agent) =>
  capturedScenarios(agent).map((scenario) => ({ agent, scenario })),
);
const folders = [temporaryFolder("once"), temporaryFolder("twice")] as const;
const [onceFolder, twiceFolder] = folders;
let once: Known;
let twice: Known;

beforeAll(async () => {
  const first = await startCustody(onceFolder, { env: whenCaptured() });
  const statuses = await inParallel(4, captures, async ({ agent, scenario }) => {
    const answers: number[] = [];
    for (const request of capturedRequests(agent, scenario)) {
      answers.push(await send(first.otlp, request));
    }
    return answers;
  });
  expect(new Set(statuses.flat())).toEqual(new Set([200]));
  once = await known(first);
  expect(await first.stop()).toBe(0);

  // Every collector of a tenant has the tenant's key, which keys digests, pseudonyms and claims.
  const key = join("tenants", "default", "key");
  mkdirSync(join(twiceFolder, "tenants", "default"), { recursive: true, mode: 0o700 });
  cpSync(join(onceFolder, key), join(twiceFolder, key));
  const second = await startCustody(twiceFolder, { env: whenCaptured() });
  const random = linear(1_234_567);
  const items = captures.flatMap(({ agent, scenario }) => looseItems(agent, scenario));
  const bodies = captures.flatMap(({ agent, scenario }) => capturedRequests(agent, scenario));
  const requests = [
    ...batchesOf(shuffled(items, random), 150, random),
    ...shuffled(bodies, random),
  ];
  const again = await inParallel(4, requests, (request) => send(second.otlp, request));
  expect(new Set(again)).toEqual(new Set([200]));
  twice = await known(second);
  expect(await second.stop()).toBe(0);
});

afterAll(() => {
  for (const folder of folders) removeFolder(folder);
});

async function known(custody: CustodyProcess): Promise<Known> {
  await settled(custody);
  const records = await everyItem<ToldRecord>(custody, "/v1/records");
  const byId = (own: readonly ToldRecord[]): ReadonlyMap<string, ToldRecord> =>
    new Map(own.map((record) => [record.id, record]));
  const sources = records.filter(({ record }) => record.src.auth.kind !== "internal");
  expect(byId(sources).size, "one record per id").toBe(sources.length);
  return {
    sources: byId(sources),
    links: byId(records.filter((one) => one.class === "link")),
    conflicts: records.filter(
      ({ class: name, record }) => name === "integrity" && record.body["kind"] === "conflict",
    ),
    sessions: await everyItem<SessionView>(custody, "/v1/sessions"),
    actions: await everyItem<ActionView>(custody, "/v1/actions"),
  };
}

function ids(records: ReadonlyMap<string, ToldRecord>): readonly string[] {
  return [...records.keys()].sort();
}

test("both hold records enough to compare", () => {
  expect(once.sources.size).toBeGreaterThan(2_000);
  expect(once.actions.length).toBeGreaterThan(130);
  expect(once.links.size).toBeGreaterThan(2);
});

test("the source records are the same by id", () => {
  const missing = ids(once.sources).filter((id) => !twice.sources.has(id));
  const extra = ids(twice.sources).filter((id) => !once.sources.has(id));
  const show = (side: Known, list: readonly string[]) =>
    list.slice(0, 5).map((id) => side.sources.get(id));
  expect({ missing: show(once, missing), extra: show(twice, extra) }).toEqual({
    missing: [],
    extra: [],
  });
});

test("each source record says the same, apart from when it was received and the salts of its content", () => {
  const said = (one: ToldRecord | undefined): unknown => {
    const { rx: _received, sd, ts, ...told } = one?.record ?? { rx: "", sd: {}, ts: "" };
    // Where a source tells no time, that of its receipt stands in, and the record says so.
    const record = { ...told, ts: one?.record.attrs?.["time.source"] === "rx" ? "rx" : ts };
    return { record, committed: Object.keys(sd ?? {}).sort(), content: one?.content };
  };
  const different = ids(once.sources).filter(
    (id) =>
      JSON.stringify(said(once.sources.get(id))) !== JSON.stringify(said(twice.sources.get(id))),
  );
  expect(different.slice(0, 3).map((id) => said(twice.sources.get(id)))).toEqual(
    different.slice(0, 3).map((id) => said(once.sources.get(id))),
  );
});

test("nothing that was delivered twice is taken for a contradiction", () => {
  expect(once.conflicts).toEqual([]);
  expect(twice.conflicts).toEqual([]);
});

test("flows are given to the same calls", () => {
  const conclusions = (side: Known) =>
    [...side.links.values()]
      .map(({ id, record: { session, call, body } }) => ({ id, session, call, body }))
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  const winning = (side: Known) =>
    side.actions
      .flatMap(({ id, egress }) => egress.map((flow) => `${id} ${JSON.stringify(flow)}`))
      .sort();
  expect(winning(twice)).toEqual(winning(once));
  expect(conclusions(twice).length).toBeGreaterThanOrEqual(conclusions(once).length);
});

test("every session counts the same", () => {
  const sorted = (side: Known) =>
    side.sessions.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  expect(sorted(twice)).toEqual(sorted(once));
});

test("every action is the same", () => {
  const sorted = (side: Known) =>
    side.actions
      .map((action) => ({
        ...action,
        // A digest of ours that is salted differs between two deliveries of one text.
        observation: action.observation && { ...action.observation, digest: null },
        record_ids: action.record_ids.filter((id) => side.sources.has(id)),
      }))
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  const [left, right] = [sorted(once), sorted(twice)];
  expect(right.map(({ id }) => id)).toEqual(left.map(({ id }) => id));
  const those = left.map(heardWhenever);
  for (const [at, action] of right.map(heardWhenever).entries()) expect(action).toEqual(those[at]);
});

/** Whether an agent's yes stands depends on when it was heard, which here is in another order: everything else of an action does not. */
function heardWhenever({ approvals, ...action }: ActionView): object {
  const told = approvals.map(({ standing: _, record: __, ...approval }) =>
    JSON.stringify(approval),
  );
  return { ...action, approvals: [...new Set(told)] };
}
