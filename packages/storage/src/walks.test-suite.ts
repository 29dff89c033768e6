import { join } from "node:path";
import { expect, test } from "vitest";
import { type Asked, listActions } from "./queries/index.ts";
import { at, id, type StoredStory, type WrittenRecord, writeBatch } from "./scenario.test-suite.ts";
import { day } from "./story.test-suite.ts";

/** Nothing is received earlier than what was, whoever sends it. */
let minutes = 0;

const actions = 7;
const flowsOfEach = 6;
const internal = {
  id: "custody",
  epoch: "e1",
  auth: { method: "internal", kind: "internal", subject: "custody" },
};
const body = { host: "b.example", port: 443, protocol: "https", action: "denied", via: "proxy" };

/** A flow that names no call, and the link that gives it to one. */
function flow(number: number, call: string, second: number): readonly WrittenRecord[] {
  const place = { session: "s-crowd", call, ts: at(day, second) };
  const link = {
    kind: "egress_call",
    record: id(number),
    method: "x",
    confidence: "high",
    basis: 1,
  };
  return [
    { id: id(number), class: "egress", ts: at(day, second), body },
    { id: id(number + 0x1000), class: "link", ...place, src: internal, body: link },
  ];
}

function decision(number: number, call: string, second: number): WrittenRecord {
  const tool = { tool: "Bash", kind: "exec", arguments_state: "reported" };
  return {
    id: id(number),
    class: "decision",
    session: "s-crowd",
    call,
    ts: at(day, second),
    body: tool,
  };
}

/** Seven actions one after another, each with six flows of its own. */
const story: readonly WrittenRecord[] = Array.from({ length: actions }, (_, nth) => [
  decision(0x100 + nth, `c${nth}`, nth * 10),
  ...Array.from({ length: flowsOfEach }, (__, one) =>
    flow(0x200 + nth * flowsOfEach + one, `c${nth}`, nth * 10 + 1 + one),
  ).flat(),
]).flat();
const newestFirst = Array.from({ length: actions }, (_, nth) => `c${actions - 1 - nth}`);

/** Pages of a list, read while others write or not. */
export function walkTests(of: () => StoredStory): void {
  const stored = async (
    tenant: string,
  ): Promise<(more: readonly WrittenRecord[]) => Promise<void>> => {
    let from = 0;
    const write = async (records: readonly WrittenRecord[]): Promise<void> => {
      const ledger = `custody.example/${tenant}/1`;
      const rx = `${day}T23:${String(minutes++).padStart(2, "0")}:00.000000000Z`;
      const file = writeBatch({ dir: join(of().dir, tenant), rx, ledger, tenant, from, records });
      from += records.length;
      expect(await of().store.writer.insert(file, { repair: false })).toEqual({
        outcome: "stored",
      });
    };
    await write(story);
    return write;
  };
  const walk = async (
    asked: Asked,
    filter: { readonly limit: number; readonly egress_action?: string },
    between: (page: number) => Promise<void>,
  ): Promise<readonly (readonly string[])[]> => {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listActions>> = await listActions(asked, {
        ...filter,
        ...(cursor === null ? {} : { cursor }),
      });
      pages.push(page.items.map(({ call }) => call));
      cursor = page.next;
      await between(pages.length);
    } while (cursor !== null);
    return pages;
  };

  test("a page is as full of actions as it may be, however many flows each of them has", async () => {
    const tenant = "crowd";
    await stored(tenant);
    const asked = { ...of().asked, tenant };
    const filter = { limit: 3, egress_action: "denied" };
    const pages = await walk(asked, filter, async () => undefined);
    expect(pages.filter((page) => page.length > 0)).toEqual([
      newestFirst.slice(0, 3),
      newestFirst.slice(3, 6),
      newestFirst.slice(6),
    ]);
  });

  test.each([
    ["all actions", {}],
    ["those with denied flows", { egress_action: "denied" }],
  ] as const)(
    "while rows arrive in front of the cursor and behind it, %s that were there at the start are each listed once",
    async (name, filter) => {
      const tenant = `walk-${name.length}`;
      const write = await stored(tenant);
      const arriving = async (page: number): Promise<void> => {
        const more = newestFirst.flatMap((call, nth) => {
          const number = 0x400 + page * 0x40 + nth * 2;
          return [
            // An old action does something new, and something that it did long ago is told late.
            ...flow(number, call, 500 + page * 10 + nth),
            ...flow(number + 1, call, nth),
            decision(0x2000 + number, call, 900 + page * 10 + nth),
          ];
        });
        await write([...more, decision(0x3000 + page, `new-${page}`, 2_000 + page)]);
      };
      for (const limit of [1, 2]) {
        const pages = await walk({ ...of().asked, tenant }, { limit, ...filter }, async (page) => {
          if (limit === 2 && page < 6) await arriving(page);
        });
        const known = pages.flat().filter((call) => /^c\d$/.test(call));
        expect(known).toEqual(newestFirst);
      }
    },
  );
}
