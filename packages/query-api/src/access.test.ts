import type { Body, Principal } from "@custody/model";
import { expect, test } from "vitest";
import { createAccessLog } from "./access.ts";
import { Refusal } from "./errors.ts";

const reader: Principal = {
  tenant: "default",
  auth: { method: "bearer", kind: "reader", subject: "ann" },
};

/** A ledger that takes what it is told to take, and keeps it. */
function ledger(): {
  answer: "takes" | "refuses" | "fails";
  readonly taken: Body<"access">[];
  commit(tenant: string, body: Body<"access">): Promise<boolean>;
} {
  const taken: Body<"access">[] = [];
  return {
    answer: "takes",
    taken,
    commit(_tenant, body) {
      if (this.answer === "fails") return Promise.reject(new Error("disk"));
      if (this.answer === "takes") taken.push(body);
      return Promise.resolve(this.answer === "takes");
    },
  };
}

test("reads of one path by one key are one record with their count", async () => {
  const book = ledger();
  const log = createAccessLog((tenant, body) => book.commit(tenant, body));
  for (let read = 0; read < 3; read++) log.count(reader, "/v1/sessions", {});
  log.count(reader, "/v1/sessions", { agent: "codex" });
  await log.close();
  expect(book.taken.map(({ object, count }) => ({ object, count }))).toEqual([
    { object: "/v1/sessions", count: 3 },
    { object: "/v1/sessions", count: 1 },
  ]);
});

test.each(["refuses", "fails"] as const)(
  "counts that the ledger %s to take are kept and written later, together with what came since",
  async (answer) => {
    const book = ledger();
    const log = createAccessLog((tenant, body) => book.commit(tenant, body));
    log.count(reader, "/v1/sessions", {});
    book.answer = answer;
    await log.flush();
    log.count(reader, "/v1/sessions", {});
    book.answer = "takes";
    await log.close();
    expect(book.taken.map(({ count }) => count)).toEqual([2]);
  },
);

test("however many different questions are asked while the ledger takes nothing, every read is counted in bounded room", async () => {
  const book = ledger();
  const log = createAccessLog((tenant, body) => book.commit(tenant, body));
  book.answer = "refuses";
  for (let read = 0; read < 5_000; read++) log.count(reader, "/v1/actions", { q: String(read) });
  await log.flush();
  book.answer = "takes";
  await log.close();
  expect(book.taken.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(5_000);
  expect(book.taken.length).toBeLessThanOrEqual(1_001);
});

test("a content read that cannot be recorded is refused", async () => {
  const book = ledger();
  const log = createAccessLog((tenant, body) => book.commit(tenant, body));
  book.answer = "refuses";
  const read = log.before(reader, { action: "content", object: "actions", result: "ok" });
  await expect(read).rejects.toBeInstanceOf(Refusal);
  await log.close();
});
