import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BatchFile, type BatchRow, canonicalBytes, encodeBatch } from "@custody/model";
import { openStore, type Store } from "@custody/storage";
import { startClickHouseListener } from "@custody/testkit";
import { createFaultyWire, type WireFault, wireFaults } from "./faulty-wire.ts";
import { createRandom, type Random } from "./random.ts";

/** What came of batches that were stored through a network that broke at every one of them. */
export interface NetworkTold {
  readonly strikes: Readonly<Record<WireFault, number>>;
  /** Repairs that were broken in their turn. */
  readonly again: number;
  /** How often the server ended itself: a body that falls silent can abort ClickHouse 26.7 when its own patience ends, after 30 s. */
  readonly deaths: number;
  readonly leaves: number;
  /** Rows, and different leaves, of each table. */
  readonly held: Readonly<Record<"records" | "content" | "claims", readonly [number, number]>>;
}

const leavesMax = 1_500;
const answerTimeoutMs = 1_000;
const attemptsMax = 100;
/** Of now: claims expire. */
const rx = `${new Date().toISOString().slice(0, 19)}.000000000Z`;
const ledger = "custody.example/network/1";

/** Each fault in turn strikes an insert, and one repair of two; `rounds` of each. Everything is drawn from the seed. */
export async function networkCampaign(rounds: number, seed: number): Promise<NetworkTold> {
  const dir = mkdtempSync(join(tmpdir(), "custody-network-"));
  const place = { dir: join(dir, "server"), secondsMax: 3_600 };
  let server = await startClickHouseListener(place);
  const { url, httpPort } = server;
  const wire = await createFaultyWire(httpPort);
  const random = createRandom(seed);
  const strikes = Object.fromEntries(wireFaults.map((fault) => [fault, 0]));
  let again = 0;
  let deaths = 0;
  let leaves = 0;
  const revive = async (): Promise<void> => {
    const answer = await fetch(`${url}/ping`).catch(() => undefined);
    if (answer?.ok) return;
    deaths += 1;
    await server.stop();
    server = await startClickHouseListener({ ...place, httpPort });
  };
  const store = await openStore({ kind: "server", url: wire.url, answerTimeoutMs });
  try {
    await store.migrate();
    for (let round = 0; round < rounds * wireFaults.length; round++) {
      const fault = wireFaults[round % wireFaults.length] ?? "refused";
      const file = written(dir, leaves, random);
      leaves = file.to;
      const before = wire.strikes;
      wire.strikeNext(fault, "query_id=custody-", random.whole(0, 200_000));
      let done = await store.writer.insert(file, { repair: false });
      if (wire.strikes === before) throw new Error("the insert did not pass the wire");
      strikes[fault] = (strikes[fault] ?? 0) + 1;
      // Questions and fences of a repair break, too: the second fault waits for whatever comes first.
      if (random.next() < 0.5) {
        const next = wireFaults[random.whole(0, wireFaults.length - 1)] ?? "refused";
        wire.strikeNext(next, "HTTP/1.1", random.whole(0, 2_000));
        again += 1;
      }
      for (let attempt = 0; done.outcome !== "stored"; attempt++) {
        if (attempt === attemptsMax) throw new Error(`round ${round} found no end: ${done.reason}`);
        await revive();
        done = await store.writer.insert(file, { repair: true });
      }
    }
    const direct = await openStore({ kind: "server", url });
    const held = await heldBy(direct).finally(() => direct.close());
    return { strikes: strikes as NetworkTold["strikes"], again, deaths, leaves, held };
  } finally {
    await store.close();
    await wire.close();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function heldBy(store: Store): Promise<NetworkTold["held"]> {
  const count = async (table: string): Promise<readonly [number, number]> => {
    const sql = `SELECT count() AS held, uniqExact(leaf) AS different FROM ${table}`;
    const [row] = await store.reader.rows({ sql, params: {} });
    return [Number(row?.["held"]), Number(row?.["different"])];
  };
  return {
    records: await count("records"),
    content: await count("content"),
    claims: await count("claims"),
  };
}

function written(dir: string, from: number, random: Random): BatchFile {
  const rows = Array.from({ length: random.whole(1, leavesMax) }, (_, index) =>
    row(from + index, random),
  );
  const to = from + rows.length;
  const path = join(dir, "journal", `${from}-${to}.native`);
  mkdirSync(join(dir, "journal"), { recursive: true });
  writeFileSync(path, encodeBatch(ledger, rows));
  return { path, ledger, tenant: "acme", from, to, rx };
}

function row(leaf: number, random: Random): BatchRow {
  const id = leaf.toString(16).padStart(32, "0");
  const canonical = canonicalBytes({
    v: "custody/1",
    tenant: "acme",
    id,
    class: "observation",
    ts: rx,
    rx,
    session: `s-${leaf % 97}`,
    grade: "reported",
    body: { state: "reported", trust: "tool_output" },
  });
  const triple = JSON.stringify([random.hex(22), "content", `${leaf} ${random.hex(120)}`]);
  const disclosure = Buffer.from(triple, "utf8").toString("base64url");
  return {
    leaf,
    sha: createHash("sha256").update(canonical).digest(),
    id: Buffer.from(id, "hex"),
    claim: Buffer.from(id, "hex"),
    canonical,
    content: [{ path: "content", disclosure }],
  };
}
