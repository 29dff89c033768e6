import { timeFromMillis } from "@custody/model";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AlertTarget, Severity } from "./alert.ts";
import { type AlertBench, openAlertBench } from "./alert-bench.test-suite.ts";
import { type AlertLimits, alertLimits } from "./alert-line.ts";
import { type Alerter, createAlerter } from "./alerter.ts";
import { type Answer, openStream, openWebhook, type Webhook } from "./receivers.test-suite.ts";

// A real ledger, the embedded store, and receivers on loopback. Only the waits are shorter than those of a service.

let bench: AlertBench;
beforeAll(async () => {
  bench = await openAlertBench();
});
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  // Receivers go first, so that no delivery waits for an answer.
  for (const one of opened.splice(0)) await one.close();
});
afterAll(() => bench.close());

const quick: AlertLimits = { ...alertLimits, everyMs: 5, backoffMsMin: 20, backoffMsMax: 60 };

function start(
  tenant: string,
  targets: readonly AlertTarget[],
  more: Partial<AlertLimits> = {},
): Alerter {
  const alerter = createAlerter(bench.ports(tenant), targets, [], {
    limits: { ...quick, ...more },
    sharedStore: more.othersEveryMs !== undefined,
    count: () => undefined,
  });
  opened.push(alerter);
  return alerter;
}

async function listen(answer: Answer): Promise<Webhook> {
  const hook = await openWebhook(answer);
  opened.push(hook);
  return hook;
}

const targetOf = ({ url }: Webhook, name = "soc", minSeverity: Severity = "low"): AlertTarget => ({
  name,
  minSeverity,
  kind: "webhook",
  url,
  secret: "a-secret-of-the-receiver",
});
const ids = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${first}${at.toString(16).padStart(31, "0")}`);
const heardBy = ({ heard }: Webhook): (string | string[] | undefined)[] =>
  heard.map(({ headers }) => headers["idempotency-key"]);
const ok: Answer = (response) => void response.end();

test("a delivery that fails is made again after waits that double up to a limit, and nothing behind it is told before", async () => {
  const [first = "", second = ""] = ids("a", 2);
  const failing = 12;
  const hook = await listen((response, number) =>
    response.writeHead(number < failing ? 503 : 200).end(),
  );
  await bench.find("backoff", [first, second], "high");
  const alerter = start("backoff", [targetOf(hook)]);
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(2);
  expect(heardBy(hook)).toEqual([...Array.from({ length: failing + 1 }, () => first), second]);
  expect(alerter.failures()).toBe(failing);
  const waits = hook.heard
    .slice(1, failing + 1)
    .map(({ at }, index) => at - (hook.heard[index]?.at ?? at));
  const least = [20, 40, ...Array.from({ length: failing - 2 }, () => 60)];
  // A timer may run a part of a millisecond early. Without a limit the last wait alone would be 40 s.
  for (const [index, wait] of waits.entries())
    expect(wait).toBeGreaterThan((least[index] ?? 0) - 2);
});

test("what cannot be told in time is given up and recorded, and a start does not try it again", async () => {
  const [finding = ""] = ids("b", 1);
  const hook = await listen((response) => response.writeHead(503).end());
  await bench.find("over", [finding], "high");
  let aheadMs = 0;
  const clock = { now: () => timeFromMillis(Date.now() + aheadMs) };
  const options = { limits: quick, sharedStore: false, count: () => undefined };
  const ports = { ...bench.ports("over"), clock };
  const alerter = createAlerter(ports, [targetOf(hook)], [], options);
  opened.push(alerter);
  await expect.poll(() => alerter.failures(), { timeout: 10_000 }).toBeGreaterThan(1);
  expect([alerter.givenUp(), alerter.pending()]).toEqual([0, 1]);
  aheadMs = 6 * 3_600_000;
  await expect.poll(() => alerter.givenUp(), { timeout: 10_000 }).toBe(1);
  expect([alerter.delivered(), alerter.pending()]).toEqual([0, 0]);
  const asked = hook.heard.length;
  await bench.stored("over");
  const [note] = await bench.notes("over");
  expect(note).toEqual({
    target: "soc",
    kind: "webhook",
    finding,
    severity: "high",
    outcome: "given_up",
    reason: "status 503",
  });
  const again = await listen(ok);
  const next = start("over", [targetOf(again), targetOf(again, "new")]);
  await expect.poll(() => next.delivered(), { timeout: 10_000 }).toBe(1);
  expect(heardBy(again)).toEqual([finding]);
  expect(hook.heard.length).toBe(asked);
});

test("a start tells what nobody was told, and what was told it tells nobody twice", async () => {
  const [told = "", untold = ""] = ids("c", 2);
  const hook = await listen(ok);
  await bench.find("start", [told], "high");
  const first = start("start", [targetOf(hook)]);
  await expect.poll(() => first.delivered(), { timeout: 10_000 }).toBe(1);
  await first.close();
  await bench.find("start", [untold], "high");
  const second = start("start", [targetOf(hook)]);
  await expect.poll(() => second.delivered(), { timeout: 10_000 }).toBe(1);
  expect(heardBy(hook)).toEqual([told, untold]);
});

test("what is opened while it runs is told once it is stored, each once, and to nobody who wants to hear of graver things alone", async () => {
  const [hook, grave] = [await listen(ok), await listen(ok)];
  const alerter = start("grave", [targetOf(hook), targetOf(grave, "grave", "critical")]);
  const [low = [], critical = []] = [ids("d", 3), ids("e", 2)];
  alerter.opened("grave", await bench.find("grave", low, "low"));
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(3);
  alerter.opened("grave", await bench.find("grave", critical, "critical"));
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(7);
  expect(heardBy(hook)).toEqual([...low, ...critical]);
  expect(heardBy(grave)).toEqual(critical);
});

test("more than there is room for is told all the same, each once", async () => {
  const hook = await listen(ok);
  const all = ids("f", 15);
  await bench.find("room", all, "high");
  const alerter = start("room", [targetOf(hook)], { pendingMax: 4 });
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(15);
  expect(heardBy(hook)).toEqual(all);
});

test("a grave finding is told though a page of others was written before it", async () => {
  const hook = await listen(ok);
  const [grave = ""] = ids("2", 1);
  await bench.find("pages", ids("1", 1_001), "low");
  await bench.find("pages", [grave], "critical");
  const alerter = start("pages", [targetOf(hook, "soc", "critical")], { pendingMax: 1 });
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(1);
  expect(heardBy(hook)).toEqual([grave]);
});

test("a receiver that does not answer holds up no other", async () => {
  const [hook, silent] = [await listen(ok), await listen(() => undefined)];
  const alerter = start("pace", [targetOf(silent, "silent"), targetOf(hook)]);
  for (const [index, finding] of ids("3", 3).entries()) {
    alerter.opened("pace", await bench.find("pace", [finding], "high"));
    await expect.poll(() => alerter.delivered(), { timeout: 8_000 }).toBe(index + 1);
  }
  expect(heardBy(hook)).toEqual(ids("3", 3));
  expect(silent.heard.length).toBe(1);
});

test("an end waits for the delivery that is being made, and what waits behind it is told after a start", async () => {
  const hook = await listen((response) => void setTimeout(() => response.end(), 20));
  const all = ids("4", 20);
  await bench.find("end", all, "high");
  const alerter = start("end", [targetOf(hook)]);
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBeGreaterThan(0);
  await alerter.close();
  const before = hook.heard.length;
  expect(before).toBeLessThan(20);
  expect(alerter.delivered()).toBe(before);
  const next = start("end", [targetOf(hook)]);
  await expect.poll(() => next.delivered(), { timeout: 10_000 }).toBe(20 - before);
  expect(heardBy(hook)).toEqual(all);
});

test("what the ledger does not take as told is told again, after a wait", async () => {
  const [finding = ""] = ids("5", 1);
  const hook = await listen(ok);
  await bench.find("full", [finding], "high");
  const ports = bench.ports("full");
  let refused = 3;
  const tenant: typeof ports.tenant = async (name) => {
    const ledger = await ports.tenant(name);
    // The ledger's own answer while its journal has no room.
    const full = { outcome: "full", reason: "no room", retryAfterMs: 1 } as const;
    const commit: typeof ledger.committer.commit = async (records) =>
      refused-- > 0 ? full : ledger.committer.commit(records);
    return { ...ledger, committer: { commit } };
  };
  const options = { limits: quick, sharedStore: false, count: () => undefined };
  const alerter = createAlerter({ ...ports, tenant }, [targetOf(hook)], [], options);
  opened.push(alerter);
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(1);
  expect(heardBy(hook)).toEqual([finding, finding, finding, finding]);
  const [first, second] = hook.heard;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(18);
});

test("a syslog receiver hears of each finding in a stream of its own", async () => {
  const receiver = await openStream();
  opened.push(receiver);
  const { port } = receiver;
  const all = ids("6", 2);
  await bench.find("syslog", all, "critical");
  const target = {
    name: "siem",
    minSeverity: "low",
    kind: "syslog",
    transport: "tcp",
    host: "127.0.0.1",
    port,
  } as const;
  const alerter = start("syslog", [target]);
  await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(2);
  await expect.poll(() => receiver.streams.length).toBe(2);
  for (const [index, stream] of receiver.streams.entries()) {
    expect(stream).toContain(` - custody - finding [finding@32473 id="${all[index]}" `);
  }
});

test("where several processes share a store, what another one found is told too, once", async () => {
  const hook = await listen(ok);
  const [own, first, second] = ["7", "8", "9"].map((name) => ids(name, 1)[0] ?? "");
  const alerter = start("shared", [targetOf(hook)], { othersEveryMs: 50 });
  alerter.opened("shared", await bench.find("shared", [own ?? ""], "high"));
  for (const [index, finding] of [first, second].entries()) {
    await bench.find("shared", [finding ?? ""], "high", true);
    await expect.poll(() => alerter.delivered(), { timeout: 10_000 }).toBe(index + 2);
  }
  expect(heardBy(hook)).toEqual([own, first, second]);
});
