import { setTimeout as wait } from "node:timers/promises";
import type { ActionView, Page } from "@custody/model";
import { expect } from "vitest";
import type { MadeCall } from "./made-requests.ts";

interface ToldRecord {
  readonly content?: Readonly<Record<string, string>>;
}

const patienceMs = 300_000;
const pollMs = 200;

/** Asks the running product for acknowledged calls, as a person would: each is there once, as a record and as an action, with its words. */
export async function expectTold(
  where: { readonly api: string; readonly adminKey: string },
  calls: readonly MadeCall[],
): Promise<void> {
  const authorization = `Bearer ${where.adminKey}`;
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${where.api}${path}`, { headers: { authorization } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  await stored(() => get<Status>("/v1/status"));
  for (const made of calls) {
    const asked = `session=${made.session}&call=${made.call}`;
    const records = await get<Page<ToldRecord>>(`/v1/records?class=tool_call&${asked}`);
    expect(records.items.map(({ content }) => content?.["arguments"])).toEqual([made.arguments]);
    const actions = await get<Page<ActionView>>(`/v1/sessions/${made.session}/actions`);
    const own = actions.items.filter(({ call }) => call === made.call);
    expect(own.map(({ intent }) => intent.arguments)).toEqual([made.arguments]);
  }
}

interface Status {
  readonly ledgers: readonly { readonly size: number; readonly stored: number }[];
}

/** What was acknowledged a moment ago may not be stored yet, and of one being stored a reader may see the record before its content. */
async function stored(get: () => Promise<Status>): Promise<void> {
  const until = performance.now() + patienceMs;
  const { ledgers } = await get();
  const acknowledged = ledgers.map(({ size }) => size);
  for (let now = ledgers; now.some((one, nth) => one.stored < (acknowledged[nth] ?? 0)); ) {
    if (performance.now() > until) throw new Error("what was acknowledged is not stored");
    await wait(pollMs);
    now = (await get()).ledgers;
  }
}
