import fc from "fast-check";
import { expect, test } from "vitest";
import { StorageError } from "./errors.ts";
import { hostile, type StoredStory } from "./scenario.test-suite.ts";

/** What a reader does with statements, parameters and limits, whatever is stored. */
export function statementTests(of: () => StoredStory): void {
  test("a hostile string parameter comes back as it went in, alone and in lists", async () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          "\\",
          "\n",
          "\r",
          "\t",
          "\0",
          "{",
          "}",
          "x",
          ":",
          "N",
          "%",
          ";",
          "-",
          "*",
          "/",
          "$",
          "é",
          "\u2028",
          "😀",
        ),
        maxLength: 30,
      }),
      fc.constantFrom(
        hostile,
        "\n\n",
        "{x:String}",
        "\\N",
        "'); DROP TABLE records; --",
        "\\'",
        "\u0001\u007f\u0085",
        "$$",
        "NULL",
        "[]",
        "['a']",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { minLength: 20, maxLength: 20 }), async (values) => {
        const params = Object.fromEntries(values.map((value, index) => [`p${index}`, value]));
        const columns = values.map((_, index) => `{p${index}:String} AS c${index}`).join(", ");
        const [row] = await of().store.reader.rows({
          sql: `SELECT ${columns}, {all:Array(String)} AS together, length({all:Array(String)}) AS size`,
          params: { ...params, all: values },
        });
        expect(values.map((_, index) => row?.[`c${index}`])).toEqual(values);
        expect(row?.["together"]).toEqual(values);
        expect(row?.["size"]).toBe(`${values.length}`);
      }),
      { numRuns: 60 },
    );
  });

  test("numbers, truth and times keep their value and their type", async () => {
    const [row] = await of().store.reader.rows({
      sql: `SELECT {u:UInt64} AS u, {i:Int64} AS i, {t:DateTime64(9, 'UTC')} AS t, {b:Bool} AS b, {l:Array(UInt64)} AS l, {none:Array(String)} AS none,
        toTypeName({u:UInt64}) AS tu, toTypeName({t:DateTime64(9, 'UTC')}) AS tt, toTypeName({none:Array(String)}) AS tn`,
      params: {
        u: 18446744073709551615n,
        i: -5,
        t: "2026-01-02T03:04:05.123456789Z",
        b: true,
        l: [1, 2],
        none: [],
      },
    });
    expect(row).toEqual({
      u: "18446744073709551615",
      i: "-5",
      t: "2026-01-02 03:04:05.123456789",
      b: true,
      l: ["1", "2"],
      none: [],
      tu: "UInt64",
      tt: "DateTime64(9, 'UTC')",
      tn: "Array(String)",
    });
  });

  test("a reader cannot write, and a statement that fails says a code and no content", async () => {
    for (const sql of [
      "INSERT INTO migrations (name) VALUES ('x')",
      "DROP TABLE records",
      "ALTER TABLE records DELETE WHERE 1",
      "SELECT nope",
    ]) {
      const error = await of()
        .store.reader.rows({ sql, params: {} })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StorageError);
      expect((error as StorageError).code).toBe("STORE_QUERY");
      expect((error as StorageError).message).toMatch(/^(statement|query): engine code \d+$/);
    }
  });

  test("a statement over its limit of rows or of time is refused", async () => {
    const rows = of().store.reader.rows({
      sql: "SELECT number FROM numbers(100)",
      params: {},
      rowsMax: 10,
    });
    await expect(rows).rejects.toMatchObject({ code: "STORE_ROWS_MAX" });
    const slow = { sql: "SELECT sum(sleepEachRow(0.5)) FROM numbers(4)", params: {} };
    await expect(of().store.reader.rows({ ...slow, timeoutMs: 1_000 })).rejects.toMatchObject({
      code: "STORE_TIMEOUT",
    });
  });

  test("a caller that goes away is let go at once, and the next one is served", async () => {
    const signal = AbortSignal.timeout(50);
    const slow = of().store.reader.rows(
      { sql: "SELECT sum(sleepEachRow(0.1)) FROM numbers(10)", params: {} },
      signal,
    );
    await expect(slow).rejects.toThrow();
    expect(await of().store.reader.rows({ sql: "SELECT 1 AS one", params: {} })).toEqual([
      { one: 1 },
    ]);
  });

  /** Statements that are at work on `text`, without the one that asks. */
  const running = async (text: string): Promise<number> => {
    const [row] = await of().store.reader.rows({
      sql: "SELECT count() AS n FROM system.processes WHERE NOT is_cancelled AND positionUTF8(query, {text:String}) > 0 AND positionUTF8(query, 'is_cancelled') = 0",
      params: { text },
    });
    return Number(row?.["n"]);
  };
  /** Its limits would leave it five minutes, which is more than a test has. */
  const endless = (text: string) => ({
    sql: `SELECT count() AS ${text} FROM numbers(1000000000000) WHERE sipHash64(number) = 7`,
    params: {},
    timeoutMs: 300_000,
  });

  test("the statement of a caller that goes away ends in the engine, long before its limits would end it", async () => {
    const gone = new AbortController();
    const asked = of().store.reader.rows(endless("left_behind"), gone.signal);
    asked.catch(() => undefined);
    await expect.poll(() => running("left_behind"), { timeout: 10_000 }).toBe(1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => running("left_behind"), { timeout: 15_000 }).toBe(0);
  });

  test("callers that go away in a crowd leave every reader free: those in line are never begun", async () => {
    const crowd = Array.from({ length: 12 }, (_, nth) => {
      const gone = new AbortController();
      const asked = of().store.reader.rows(endless(`crowd_${nth}`), gone.signal);
      return { gone, answer: asked.catch(() => "gone") };
    });
    for (const { gone } of crowd) gone.abort();
    const answers = await Promise.all(crowd.map(({ answer }) => answer));
    expect(answers).toEqual(crowd.map(() => "gone"));
    await expect.poll(() => running("crowd_"), { timeout: 15_000 }).toBe(0);
  });

  test("unmatched rows of a join are defaults, whatever the server's own default is", async () => {
    const rows = await of().store.reader.rows({
      sql: "SELECT r.b AS b FROM (SELECT 1 AS a) AS l LEFT JOIN (SELECT 2 AS a, 'x' AS b) AS r USING (a)",
      params: {},
    });
    expect(rows).toEqual([{ b: "" }]);
  });
}
