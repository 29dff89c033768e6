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
import { openStore, type Store, type StoreOptions } from "@custody/storage";
import { leafRows } from "@custody/storage/queries";
import { expect } from "vitest";
import { expectCallsOnce } from "./acknowledged-calls.ts";
import { checkSignature, sha256 } from "./crypto.ts";
import type { KillCampaign } from "./kill-campaign.ts";

const tenant = "default";
const hasher = createTreeHasher(sha256);

/** A data folder, and what was ever promised about it. */
type Promised = Pick<KillCampaign, "data" | "load" | "served" | "signed">;

/** What stands in a data folder that nobody holds, held against everything that was promised about it. */
export interface Whole {
  readonly leaves: number;
  readonly checkpoints: number;
  readonly receipts: number;
}

/** Opens the folder's store directly, and expects that nothing acknowledged is missing, doubled or differently rooted. */
export async function expectWholeFolder(
  campaign: Promised,
  where: StoreOptions = { kind: "embedded", dir: join(campaign.data, "store") },
): Promise<Whole> {
  const store = await openStore(where);
  try {
    await expectCallsOnce(store, campaign.load.acknowledged);
    return await expectOneTree(store, campaign);
  } finally {
    await store.close();
  }
}

/** Every root that was ever signed, served, or named in a receipt is the root of the leaves as they stand now. */
async function expectOneTree(store: Store, campaign: Promised): Promise<Whole> {
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
