import type { Page } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, stored } from "./told.ts";
import { type Variant, variantOf } from "./variant.ts";

// Lists are walked page by page while rows arrive: whatever was there at the first page comes once, and nothing comes twice.

const data = temporaryFolder("pages");
let custody: CustodyProcess;
let first: Variant;

beforeAll(async () => {
  custody = await startCustody(data);
  first = await another();
  for (let count = 0; count < 3; count++) await another();
  await stored(custody);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

/** One more session of three calls, told with the times of the capture: it lies among the others and not behind them. */
async function another(): Promise<Variant> {
  const variant = variantOf("codex", "network-proxy");
  expect(await send(custody.otlp, variant.request())).toBe(200);
  return variant;
}

interface Listed {
  readonly id: string;
}

/** A walk that gets nowhere ends as a failure, not as a timeout. */
const walkedMax = 2_000;

async function walked(
  path: string,
  limit: number,
  between: () => Promise<void>,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let next: string | null = null;
  do {
    const joint = path.includes("?") ? "&" : "?";
    const cursor: string = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
    const page = (await custody.get(`${path}${joint}limit=${limit}${cursor}`)) as Page<Listed>;
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    next = page.next;
    await between();
  } while (next !== null && ids.length < walkedMax);
  expect(next).toBeNull();
  return ids;
}

const lists: readonly (readonly [path: string, limit: number])[] = [
  ["/v1/sessions", 2],
  ["/v1/actions", 4],
  ["/v1/actions?status=blocked", 3],
  ["/v1/actions?egress_action=denied", 3],
  ["/v1/actions?agent=codex&tool=exec_command", 5],
  ["/v1/actions?verdict=allow", 5],
  ["/v1/records?class=tool_call", 10],
  ["/v1/records?agent=codex", 50],
  ["/v1/sessions/{first}/timeline", 4],
  ["/v1/sessions/{first}/actions", 1],
];

test.each(lists)(
  "%s has nothing twice and loses nothing that was there, %i at a time, while rows arrive",
  async (template, limit) => {
    const path = template.replace("{first}", first.session);
    const before = (await everyItem<Listed>(custody, path)).map(({ id }) => id);
    expect(new Set(before).size).toBe(before.length);
    expect(before.length).toBeGreaterThan(limit);
    let pages = 0;
    const ids = await walked(path, limit, async () => {
      pages++;
      if (pages % 2 === 1 && pages < 4) {
        await another();
        await stored(custody);
      }
    });
    expect(pages).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(before));
  },
);

test("a page of every size holds the same items in the same order", async () => {
  for (const path of ["/v1/actions", "/v1/sessions", "/v1/records?class=approval"]) {
    const whole = (await everyItem<Listed>(custody, path)).map(({ id }) => id);
    for (const limit of [11, 100]) {
      expect(await walked(path, limit, async () => undefined), `${path} ${limit}`).toEqual(whole);
    }
  }
});
