import { join } from "node:path";
import { verifyReceipt } from "@custody/ledger";
import { openLedgerReader } from "@custody/ledger/reader";
import {
  createCompactRange,
  createTreeHasher,
  hexEncode,
  parseCheckpoint,
  parseSignedCheckpoint,
  parseVkey,
  utf8Encode,
  verifyCheckpoint,
} from "@custody/proof";
import { openStore, type Store } from "@custody/storage";
import { leafRows } from "@custody/storage/queries";
import { expect } from "vitest";
import { checkSignature, sha256 } from "./crypto.ts";
import type { KillCampaign } from "./kill-campaign.ts";

const tenant = "default";
const hasher = createTreeHasher(sha256);

/** What stands in a data folder that nobody holds, held against everything that was promised about it. */
export interface Whole {
  readonly leaves: number;
  readonly checkpoints: number;
  readonly receipts: number;
}

/** Opens the folder's store directly, and expects that nothing acknowledged is missing, doubled or differently rooted. */
export async function expectWholeFolder(campaign: KillCampaign): Promise<Whole> {
  const store = await openStore({ kind: "embedded", dir: join(campaign.data, "store") });
  try {
    await expectCallsOnce(store, campaign);
    return await expectOneTree(store, campaign);
  } finally {
    await store.close();
  }
}

/** Every acknowledged call has its record and both its texts, and no source record stands on two leaves. */
async function expectCallsOnce(store: Store, { load }: KillCampaign): Promise<void> {
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
  for (const [key, made] of load.acknowledged) {
    expect(times.get(key), `records of ${key}`).toBe("1");
    expect(found.get(`${key}/tool_call/arguments`), `arguments of ${key}`).toBe(made.arguments);
    expect(found.get(`${key}/${made.outputAt}`), `output of ${key}`).toBe(made.output);
  }
  // Everything sent was acknowledged in the end, so nothing else may be there.
  expect(times.size).toBe(load.acknowledged.size);
}

/** Every root that was ever signed, served, or named in a receipt is the root of the leaves as they stand now. */
async function expectOneTree(store: Store, campaign: KillCampaign): Promise<Whole> {
  const reader = openLedgerReader(campaign.data);
  const origins = await reader.origins();
  // A crash is not a restored folder: the ledger goes on.
  expect(origins).toHaveLength(1);
  const [{ origin, vkey } = { origin: "", vkey: "" }] = origins;
  const key = parseVkey(sha256, vkey);
  const heads = new Map<number, Set<string>>();
  const add = (size: number, root: Uint8Array): void => {
    heads.set(size, (heads.get(size) ?? new Set()).add(hexEncode(root)));
  };
  for (const text of campaign.signed()) {
    const { size, root } = parseCheckpoint(text);
    add(size, root);
  }
  const sizes = await reader.checkpointSizes(origin);
  const kept = await Promise.all(sizes.map((size) => reader.checkpointAt(origin, size)));
  for (const note of [...campaign.served, ...kept]) {
    const signed = parseSignedCheckpoint(utf8Encode(note ?? ""));
    expect(await verifyCheckpoint(checkSignature, signed, [key])).toMatchObject({
      verdict: "verified",
    });
    add(signed.checkpoint.size, signed.checkpoint.root);
  }
  for (const text of campaign.load.receipts) {
    const verdict = verifyReceipt(text, key);
    if (verdict.outcome !== "valid") throw new Error(`a receipt is ${verdict.outcome}`);
    const { witness } = verdict.receipt;
    if (witness !== undefined) add(witness.size, witness.root);
  }
  const largest = Math.max(0, ...heads.keys());
  const roots = await rootsOf(store, origin, new Set(heads.keys()), largest);
  for (const [size, said] of heads) {
    expect([...said], `roots of size ${size}`).toEqual([roots.get(size)]);
  }
  return { leaves: largest, checkpoints: heads.size, receipts: campaign.load.receipts.length };
}

/** Roots of the tree over the stored canonical bytes, hashed again, at each of `sizes`. */
async function rootsOf(
  store: Store,
  origin: string,
  sizes: ReadonlySet<number>,
  largest: number,
): Promise<ReadonlyMap<number, string>> {
  const roots = new Map<number, string>();
  const range = createCompactRange(hasher);
  for await (const row of leafRows({ reader: store.reader, tenant }, origin, 0, largest)) {
    expect(row.leaf).toBe(range.size);
    range.append(hasher.leaf(sha256(row.canonical)));
    if (sizes.has(range.size)) roots.set(range.size, hexEncode(range.root()));
  }
  expect(range.size).toBe(largest);
  return roots;
}
