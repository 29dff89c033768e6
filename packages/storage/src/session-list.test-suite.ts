import { expect, test } from "vitest";
import { listSessions, sessionRecords, sessionsWithEgress } from "./queries/index.ts";
import { at, hostile, id, type StoredStory } from "./scenario.test-suite.ts";
import { day } from "./story.test-suite.ts";

/** Sessions of the stored story: listed, told apart, and one in order of time. */
export function sessionListTests(of: () => StoredStory): void {
  test("sessions come newest first with their scalars, in pages", async () => {
    const first = await listSessions(of().asked, { limit: 1 });
    expect(first.items).toMatchObject([
      { session: "s-2", agent: { name: "claude-code" }, endedAt: null, principal: null },
    ]);
    const second = await listSessions(of().asked, {
      limit: 1,
      ...(first.next === null ? {} : { cursor: first.next }),
    });
    expect(second.items).toEqual([
      {
        session: "s-1",
        firstAt: at(day, 0),
        lastAt: at(day, 30),
        endedAt: at(day, 30),
        endReason: "user",
        agent: { name: "codex", version: "0.169.0", model: "gpt-5.5" },
        principal: "usr_alice",
        repo: "git@x:a/b",
      },
    ]);
  });

  test.each([
    [{ agent: "codex" }, ["s-1"]],
    [{ agent: "claude-code" }, ["s-2"]],
    [{ principal: "usr_alice" }, ["s-1"]],
    [{ repo: "git@x:a/b" }, ["s-1"]],
    [{ status: "ended" }, ["s-1"]],
    [{ status: "open", idleBefore: at(day, 0) }, ["s-2"]],
    [{ status: "unclean", idleBefore: at(day, 3600) }, ["s-2"]],
    [{ q: "zanzibar" }, ["s-1"]],
    [{ q: "nothing-of-the-kind" }, []],
    [{ from: at(day, 31) }, ["s-2"]],
    [{ to: at(day, 5) }, ["s-1"]],
    [{ agent: hostile }, []],
  ] as const)("sessions filtered by %j are %j", async (filter, expected) => {
    expect((await listSessions(of().asked, filter)).items.map((one) => one.session)).toEqual(
      expected,
    );
  });

  test("sessions with flows of their own are told from those without, and from another tenant's", async () => {
    const sessions = ["s-1", "s-2", "unknown", hostile];
    expect(await sessionsWithEgress(of().asked, sessions)).toEqual(new Set(["s-1"]));
    expect(await sessionsWithEgress({ ...of().asked, tenant: "other" }, sessions)).toEqual(
      new Set(),
    );
    expect(await sessionsWithEgress(of().asked, [])).toEqual(new Set());
  });

  test("a timeline is in order of time and leaf, in pages without gap or overlap", async () => {
    const ids: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await sessionRecords(of().asked, {
        session: "s-1",
        limit: 4,
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...page.items.map((one) => one.record.id));
      if (page.next === null) break;
      cursor = page.next;
    }
    // Flow 16 names no session: the link that counts brings it in, once.
    expect(ids).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 18, 17, 19, 20, 21].map(id),
    );
  });
}
