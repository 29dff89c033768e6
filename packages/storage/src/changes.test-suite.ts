import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Asked,
  changesClaiming,
  changesOfCommits,
  changesOfSessions,
  commitsNaming,
  commitsReceived,
  commitTexts,
  outputsNaming,
  revisionsOf,
  sessionFacts,
  sessionsThere,
} from "./queries/index.ts";
import { at, id, type WrittenRecord, writeBatch } from "./scenario.test-suite.ts";
import type { Store } from "./store.ts";

const day = "2026-11-22";
const tenant = "changes";
const first = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
const second = "b".repeat(40);
const ever = "1970-01-01T00:00:00.000000000Z";

const agent = {
  src: { id: "a", epoch: "e", auth: { method: "bearer", kind: "agent", subject: "laptop-1" } },
};
const observer = {
  src: { id: "o", epoch: "e", auth: { method: "bearer", kind: "observer", subject: "forge" } },
};
const internal = {
  src: {
    id: "custody",
    epoch: "e",
    auth: { method: "internal", kind: "internal", subject: "custody" },
  },
};
const call = { tool: "exec", kind: "exec", event: "result", status: "executed", primary: true };

const records: readonly WrittenRecord[] = [
  {
    id: id(1),
    class: "session",
    session: "s1",
    ts: at(day, 1),
    body: { event: "start", repo: "acme/shop" },
    ...agent,
  },
  {
    id: id(2),
    class: "tool_call",
    session: "s1",
    call: "c1",
    ts: at(day, 5),
    body: call,
    content: {
      arguments: '{"cmd":"git commit -m x"}',
      output: `{"stdout":"[main (root-commit) ${first.slice(0, 7)}] It's \\"x\\"\\n 1 file changed"}`,
    },
    ...agent,
  },
  {
    id: id(3),
    class: "tool_call",
    session: "s1",
    call: "c2",
    ts: at(day, 6),
    body: call,
    content: { arguments: '{"cmd":"ls"}', output: "nothing of it" },
    ...agent,
  },
  {
    id: id(4),
    class: "change",
    ts: at(day, 5),
    body: {
      event: "commit",
      repo: "acme/shop",
      commit: first,
      trailer_sessions: ["it's", "s1"],
    },
    content: { files: "[]" },
    ...observer,
  },
  {
    id: id(5),
    class: "change",
    ts: at(day, 9),
    body: { event: "merge", repo: "acme/shop", commit: second, pr: "7", pr_head: first },
    ...observer,
  },
  {
    id: id(6),
    class: "link",
    session: "s1",
    call: "c1",
    ts: at(day, 9),
    body: {
      kind: "change_session",
      record: id(5),
      method: "pull_request",
      confidence: "high",
      basis: 3,
    },
    ...internal,
  },
];

/** What the join of commits and the views of sessions ask of a store. */
export function changesContract(name: string, open: (dir: string) => Promise<Store>): void {
  describe(`${name}, asked for commits`, () => {
    let dir: string;
    let store: Store | undefined;
    let asked: Asked;
    const ids = (found: readonly { readonly record: { readonly id: string } }[]) =>
      found.map(({ record }) => record.id).sort();

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "custody-changes-"));
      store = await open(join(dir, "store"));
      await store.migrate();
      const file = writeBatch({
        dir: join(dir, "journal"),
        rx: at(day, 20),
        ledger: "custody.example/changes/1",
        tenant,
        from: 0,
        records,
      });
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
      asked = { reader: store.reader, tenant };
    });
    afterAll(async () => {
      await store?.close();
      rmSync(dir, { recursive: true, force: true });
    });

    test("a revision has what was said of it, and of what a pull request made of it", async () => {
      expect(ids(await changesOfCommits(asked, [first]))).toEqual([id(4), id(5)].sort());
      expect(ids(await changesOfCommits(asked, [second]))).toEqual([id(5)]);
      expect(await commitsReceived(asked, { since: ever, after: "", limit: 1 })).toEqual([first]);
      expect(await commitsReceived(asked, { since: ever, after: first, limit: 9 })).toEqual([
        second,
      ]);
    });

    test("a session has the commits that name it and those that a link gave it, with every link", async () => {
      expect(ids(await changesClaiming(asked, ["it's", "nobody"]))).toEqual([id(4)]);
      const { changes, links } = await changesOfSessions(asked, ["s1"]);
      expect([ids(changes), ids(links)]).toEqual([[id(4), id(5)].sort(), [id(6)]]);
      expect(await changesOfSessions(asked, ["s2"])).toEqual({ changes: [], links: [] });
    });

    test("a commit is found by its first characters, or by its repository and time", async () => {
      const clues = { since: ever, revisions: [], repo: null, from: at(day, 0), to: at(day, 7) };
      const short = { ...clues, revisions: [second.slice(0, 7)] };
      expect(await commitsNaming(asked, short, 9)).toEqual([second]);
      expect(await commitsNaming(asked, { ...clues, repo: "acme/shop" }, 9)).toEqual([first]);
      expect(await commitsNaming(asked, clues, 9)).toEqual([]);
    });

    test("outputs that name a revision are found by a word, and only what speaks of commits is read of them", async () => {
      const window = { from: at(day, 0), to: at(day, 20) };
      expect(await outputsNaming(asked, [first], window)).toEqual([id(2)]);
      expect(await outputsNaming(asked, [second], window)).toEqual([]);
      expect(await revisionsOf(asked, "s1")).toEqual([first.slice(0, 7)]);
      expect(await commitTexts(asked, [id(2), id(3)])).toEqual([
        { record: id(2), path: "arguments", text: '{"cmd":"git commit -m x"}' },
        { record: id(2), path: "output", text: `[main (root-commit) ${first.slice(0, 7)}]` },
      ]);
    });

    test("a session has its repository, its time and who told its calls", async () => {
      const told = [
        {
          session: "s1",
          repo: "acme/shop",
          from: at(day, 1),
          to: at(day, 9),
          tellers: ["laptop-1"],
        },
      ];
      expect(await sessionFacts(asked, ["s1", "s2"])).toEqual(told);
      expect(await sessionsThere(asked, "acme/shop", at(day, 5))).toEqual(told);
      expect(await sessionsThere(asked, "acme/shop", at(day, 15))).toEqual([]);
      expect(await sessionsThere(asked, "acme/other", at(day, 5))).toEqual([]);
    });
  });
}
