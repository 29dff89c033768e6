import type { Store } from "@custody/storage";
import { expect } from "vitest";
import type { MadeCall } from "./made-requests.ts";

/**
 * Every acknowledged call has its record and both its texts, no record stands on two leaves, and no call is there that was not acknowledged.
 * The store is that of a server that has ended in peace.
 */
export async function expectCallsOnce(
  store: Store,
  acknowledged: ReadonlyMap<string, MadeCall>,
): Promise<void> {
  const rows = (sql: string) => store.reader.rows({ sql, params: {} });
  const [doubled] = await rows(
    `SELECT count() - uniqExact(ledger, leaf) AS leaves, count() - uniqExact(id) AS ids,
      (SELECT count() - uniqExact(ledger, leaf, path) FROM content) AS content,
      (SELECT count() - uniqExact(ledger, leaf) FROM claims) AS claims,
      (SELECT count() FROM claims) - count() AS unclaimed FROM records`,
  );
  const none = { leaves: "0", ids: "0", content: "0", claims: "0", unclaimed: "0" };
  expect(doubled).toEqual(none);
  const found = new Map<string, string>();
  for (const row of await rows("SELECT session, call, class, path, text FROM content")) {
    found.set(`${row["session"]}/${row["call"]}/${row["class"]}/${row["path"]}`, `${row["text"]}`);
  }
  const calls = await rows(
    "SELECT session, call, count() AS n FROM records WHERE class = 'tool_call' GROUP BY ALL",
  );
  const times = new Map(calls.map((row) => [`${row["session"]}/${row["call"]}`, row["n"]]));
  // Compared one by one, so that a failure names what is missing instead of printing everything.
  for (const [key, made] of acknowledged) {
    expect(times.get(key), `records of ${key}`).toBe("1");
    expect(found.get(`${key}/tool_call/arguments`), `arguments of ${key}`).toBe(made.arguments);
    expect(found.get(`${key}/${made.outputAt}`), `output of ${key}`).toBe(made.output);
  }
  expect(times.size).toBe(acknowledged.size);
}
