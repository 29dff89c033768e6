import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attack } from "./attack.ts";
import { createAttacker } from "./attacker.ts";
import type { Evidence, ReadRecord } from "./attempt.ts";
import { claimAttempts } from "./claim-attempts.ts";
import { doorAttempts } from "./door-attempts.ts";
import { always } from "./signs.ts";

// A doctor that finds nothing must be one that would have found it: here every door stands open.

let server: Server;
let status: number;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

const tried = async (answer: number, key?: string) => {
  status = answer;
  return attack([createAttacker({ collector: base, api: base }, key)], undefined);
};

test("every door that takes what it must not is a fault", async () => {
  const { attempts } = await tried(200);
  const open = attempts.filter(({ outcome }) => outcome === "succeeded");
  expect(open.map(({ name }) => name)).toEqual(doorAttempts.map(({ name }) => name));
  expect(open.some(({ ok }) => ok)).toBe(false);
  expect(new Set(attempts.slice(open.length).map(({ outcome }) => outcome))).toEqual(
    new Set(["unchecked"]),
  );
});

test("an answer that neither takes nor refuses is not called refused", async () => {
  const { attempts } = await tried(503);
  expect(attempts).toHaveLength(doorAttempts.length + claimAttempts.length);
  for (const { outcome, ok } of attempts) expect([outcome, ok]).toEqual(["unclear", false]);
});

test("a key that is no agent's is said to be none, for it would be refused everywhere", async () => {
  await expect(tried(403, "ck_0123456789abcdef")).rejects.toThrow(/agent key is not taken \(403\)/);
});

const at = Date.UTC(2026, 10, 23);
const honest: ReadRecord["record"] = {
  grade: "reported",
  tenant: "default",
  ts: "1999-01-01T00:00:00.000000000Z",
  rx: "2026-11-23T00:00:01.000000000Z",
  body: {},
  src: { auth: { kind: "agent", subject: "laptop-1" } },
};

const forged: readonly (readonly [shows: string, record: ReadRecord["record"]])[] = [
  ["graded reported", { ...honest, grade: "observed" }],
  ["under its own credential", { ...honest, src: { auth: { kind: "observer", subject: "x" } } }],
  ["heard now", { ...honest, rx: honest.ts }],
  ["no approver", { ...honest, body: { approver: "boss" } }],
  ["no person as its actor", { ...honest, actor: { id: "boss", type: "human" } }],
];

test.each(forged)("a record that is not %s is told", (shows, record) => {
  const scene = { session: "s", call: "c", trace: "t", at };
  const failedOf = (one: ReadRecord["record"]) => {
    const records = [{ id: "r", class: "tool_call", record: one }];
    const evidence: Evidence = { scene, records, action: undefined };
    return always.filter(({ holds }) => !holds(evidence)).map((sign) => sign.shows);
  };
  expect(failedOf(honest)).toEqual([]);
  expect(failedOf(record)).toEqual([shows]);
});
