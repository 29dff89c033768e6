import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionId } from "@custody/context";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Asked,
  actionKeyOf,
  actionRecords,
  type FoundRecord,
  listActions,
  listSessions,
  sessionRecords,
  sessionsWithChoices,
  sessionsWithEgress,
  sessionsWithStandIns,
  tracesWithNames,
  wholeSession,
  wholeSessions,
} from "./queries/index.ts";
import { at, id, type WrittenRecord, writeBatch } from "./scenario.test-suite.ts";
import type { Store } from "./store.ts";

const day = "2026-11-21";
const tenant = "placed";
const trace = "312b03f692afa213c5124ccd7d8f4654";
const alone = "a".repeat(32);
const internal = {
  src: {
    id: "custody",
    epoch: "e1",
    auth: { method: "internal", kind: "internal", subject: "custody" },
  },
};
const shell = { tool: "shell_exec", kind: "exec", arguments_state: "reported" };
const result = { ...shell, event: "result", status: "executed", primary: true };

type Written = Omit<WrittenRecord, "id"> & Pick<WrittenRecord, "class" | "body" | "content">;

const named = (number: number, second: number, record: Written): WrittenRecord => ({
  id: id(number),
  session: "s-named",
  trace,
  ts: at(day, second),
  ...record,
});
const loose = (number: number, second: number, record: Written, of = trace): WrittenRecord => ({
  id: id(number),
  session: of,
  trace: of,
  ts: at(day, second),
  attrs: { "session.source": "trace" },
  ...record,
});
/** A model call that names session and call, a tool span that names neither, the run above it, and a trace that nobody named. */
const spans: readonly WrittenRecord[] = [
  named(1, 1, { class: "inference", body: { status: "ok", primary: true, input_tokens: 5 } }),
  named(2, 1, { class: "decision", call: "call_1", body: shell }),
  loose(3, 3, { class: "decision", call: "span:aa", body: shell }),
  loose(4, 3, {
    class: "tool_call",
    call: "span:aa",
    body: result,
    content: { arguments: "ls zebra" },
  }),
  loose(5, 4, {
    class: "observation",
    call: "span:aa",
    body: { state: "reported", trust: "tool_output" },
  }),
  loose(6, 0, { class: "turn", body: { event: "start", prompt_state: "withheld" } }),
  loose(7, 9, { class: "tool_call", call: "span:bb", body: result }, alone),
];
const link = (
  number: number,
  record: number,
  kind: string,
  place: { readonly session: string; readonly call?: string; readonly basis?: number },
): WrittenRecord => {
  const { basis = 1, ...where } = place;
  const body = { kind, record: id(record), method: "x", confidence: "high", basis };
  // A link has the time of its record.
  const ts = spans.find((one) => one.id === id(record))?.["ts"];
  return { id: id(number), class: "link", ts, trace, ...internal, ...where, body };
};

/** Leaves `spans` stand on; the links come later. */
const links: readonly WrittenRecord[] = [
  ...[3, 4, 5].map((number) =>
    link(10 + number, number, "trace_session", { session: "s-named", call: "span:aa" }),
  ),
  link(16, 6, "trace_session", { session: "s-named" }),
  ...[3, 4, 5].map((number) =>
    link(20 + number, number, "span_call", { session: "s-named", call: "call_1", basis: 3 }),
  ),
  // What an earlier look, with less at hand, had made of it.
  link(34, 4, "span_call", { session: "s-named", call: "call_0", basis: 2 }),
];

/** Records that links move: an action, a session and a timeline have them at their new place, and only there. */
export function placedContract(name: string, open: (dir: string) => Promise<Store>): void {
  describe(`${name}, where links move records`, () => {
    let dir: string;
    let opened: Store | undefined;
    let store: Store;
    let asked: Asked;
    const ledger = "custody.example/placed/1";
    const insert = async (from: number, records: readonly WrittenRecord[]): Promise<void> => {
      const file = writeBatch({
        dir: join(dir, "journal"),
        rx: at(day, 20),
        ledger,
        tenant,
        from,
        records,
      });
      expect(await store.writer.insert(file, { repair: false })).toEqual({ outcome: "stored" });
    };

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "custody-placed-"));
      opened = await open(join(dir, "store"));
      store = opened;
      await store.migrate();
      asked = { reader: store.reader, tenant };
      await insert(0, spans);
    });

    afterAll(async () => {
      await opened?.close();
      rmSync(dir, { recursive: true, force: true });
    });

    const ids = (records: readonly FoundRecord[]): readonly string[] =>
      records.map(({ record }) => record.id).sort();
    const actions = async (filter: Parameters<typeof listActions>[1] = {}) =>
      (await listActions(asked, filter)).items.map(({ session, call }) => `${session} ${call}`);

    test("before there are links, the span's call is an action of its own", async () => {
      expect(await actions()).toEqual([`${alone} span:bb`, `${trace} span:aa`, "s-named call_1"]);
      expect(ids(await wholeSession(asked, trace, 5))).toEqual([3, 4, 5, 6].map(id));
    });

    test("with them it is one action, which has the decision, the call and what came back", async () => {
      await insert(spans.length, links);
      expect(await actions()).toEqual([`${alone} span:bb`, "s-named call_1"]);
      const [one] = await actionRecords(asked, [{ session: "s-named", call: "call_1" }]);
      expect(ids(one?.records ?? [])).toEqual([2, 3, 4, 5, 13, 14, 15, 23, 24, 25].map(id));
      // Nothing is left where it was, nor where an earlier look had put it.
      const elsewhere = await actionRecords(asked, [
        { session: trace, call: "span:aa" },
        { session: "s-named", call: "span:aa" },
        { session: "s-named", call: "call_0" },
      ]);
      expect(elsewhere.flatMap(({ records }) => ids(records))).toEqual([]);
    });

    test("every filter that one of its records carries finds the one action", async () => {
      for (const filter of [
        { session: "s-named" },
        { tool: "shell_exec", session: "s-named" },
        { status: "executed", session: "s-named" },
        { q: "zebra" },
      ]) {
        expect(await actions(filter), JSON.stringify(filter)).toEqual(["s-named call_1"]);
      }
      expect(await actions({ session: trace })).toEqual([]);
    });

    test("walked one at a time, the list has each action once", async () => {
      const walked: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listActions>> = await listActions(asked, {
          limit: 1,
          ...(cursor === null ? {} : { cursor }),
        });
        walked.push(...page.items.map(({ session, call }) => `${session} ${call}`));
        cursor = page.next;
      } while (cursor !== null);
      expect(walked).toEqual([`${alone} span:bb`, "s-named call_1"]);
    });

    test("the session has its records, the trace has none, and a trace that nobody named keeps its own", async () => {
      const sources = (records: readonly FoundRecord[]) =>
        ids(records.filter(({ record }) => record.class !== "link"));
      expect(sources(await wholeSession(asked, "s-named", 5))).toEqual([1, 2, 3, 4, 5, 6].map(id));
      expect(await wholeSession(asked, trace, 5)).toEqual([]);
      expect(sources(await wholeSession(asked, alone, 5))).toEqual([id(7)]);
    });

    test("sessions read together are those read one by one, a trace that stood for one included", async () => {
      const names = ["s-named", trace, alone, "s-unknown"];
      const together = await wholeSessions(asked, names, 5);
      for (const name of names) {
        expect(together.get(name), name).toEqual(await wholeSession(asked, name, 5));
      }
    });

    test("a timeline is in order of time, page by page, with what came from the trace", async () => {
      const walked: FoundRecord[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof sessionRecords>> = await sessionRecords(asked, {
          session: "s-named",
          limit: 3,
          ...(cursor === null ? {} : { cursor }),
        });
        walked.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      expect(ids(walked)).toEqual(ids(await wholeSession(asked, "s-named", 5)));
      expect(walked.map((one) => one.at)).toEqual(walked.map((one) => one.at).toSorted());
    });

    test("an action's old id leads to the action it became", async () => {
      const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
      const keyOf = (session: string, call: string) =>
        actionKeyOf(asked, actionId({ tenant, session, call, sha256 }));
      const place = { session: "s-named", call: "call_1" };
      expect(await keyOf(trace, "span:aa")).toEqual(place);
      expect(await keyOf("s-named", "span:aa")).toEqual(place);
      expect(await keyOf("s-named", "call_1")).toEqual(place);
      expect(await keyOf(alone, "span:bb")).toEqual({ session: alone, call: "span:bb" });
    });

    test("a word in a record that moved finds the session it moved to", async () => {
      const found = await listSessions(asked, { q: "zebra" });
      expect(found.items.map(({ session }) => session).sort()).toEqual([trace, "s-named"].sort());
    });

    test("what may be joined is told in one question: traces with a name, sessions with a choice or a flow", async () => {
      const names = [trace, alone, "s-named", "never"];
      expect([...(await tracesWithNames(asked, [trace, alone]))]).toEqual([trace]);
      expect([...(await sessionsWithChoices(asked, names))]).toEqual(["s-named"]);
      expect([...(await sessionsWithEgress(asked, names))]).toEqual([]);
    });

    test("a start finds the sessions where a trace or a span stands in for a name", async () => {
      const page = { since: at(day, 0), after: "", limit: 10 };
      expect(await sessionsWithStandIns(asked, "trace_sessions", page)).toEqual([trace, alone]);
      // The session that the links name has such a call too, through them.
      expect(await sessionsWithStandIns(asked, "span_calls", page)).toEqual([
        trace,
        alone,
        "s-named",
      ]);
      expect(
        await sessionsWithStandIns(asked, "trace_sessions", { ...page, since: at(day, 21) }),
      ).toEqual([]);
    });
  });
}
