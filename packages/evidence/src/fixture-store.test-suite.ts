import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Auth,
  type Body,
  canonicalText,
  type Grade,
  type RecordClass,
  type RecordDraft,
  type Row,
  recordVersion,
  type StoreReader,
} from "@custody/model";
import { Session } from "chdb";
import { loadCatalogue } from "./catalogue.ts";
import { sha256Hex } from "./digest.ts";
import { defaultOverlay, type Overlay } from "./overlay.ts";
import { parametersOf, type RunScope } from "./parameters.ts";
import { type Item, readItems } from "./population.ts";

/** What a hand-written record says; everything left out has one fixed value. */
export interface FixtureRecord<C extends RecordClass = RecordClass> {
  readonly class: C;
  readonly body: Body<C>;
  readonly ts: string;
  /** Absent: `ts`. */
  readonly rx?: string;
  /** Of a span. */
  readonly end?: string;
  readonly session?: string;
  readonly call?: string;
  readonly grade?: Grade;
  readonly auth?: Auth;
  readonly id?: string;
  readonly actor?: string;
  readonly src?: { readonly id: string; readonly epoch: string; readonly seq?: number };
}

/** Members may be left out, or taken out of a default by `undefined`: canonical text has neither. */
export type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

export const credentials = {
  agent: { method: "bearer", kind: "agent", subject: "laptop-1" },
  otherAgent: { method: "bearer", kind: "agent", subject: "laptop-2" },
  proxy: { method: "bearer", kind: "observer", subject: "proxy-1" },
  runtime: { method: "bearer", kind: "observer", subject: "runtime-1" },
  alice: { method: "bearer", kind: "authority", subject: "alice" },
  bob: { method: "bearer", kind: "authority", subject: "bob" },
  own: { method: "internal", kind: "internal", subject: "custody" },
} as const satisfies Record<string, Auth>;

/** The second of November 2026, `hh:mm` or `hh:mm:ss`. */
export function at(time: string, day = "2026-11-02"): string {
  return `${day}T${time.length === 5 ? `${time}:00` : time}.000000000Z`;
}

/** A table of the five columns that evidence reads, in a real engine; each set of records is a ledger of its own. */
export interface FixtureStore {
  readonly reader: StoreReader;
  /** Gives the records leaves from 0 on, in order, and answers the ledger's name. */
  put(records: readonly FixtureRecord[]): string;
  close(): void;
}

export const fixtureTenant = "acme";

export function openFixtureStore(): FixtureStore {
  const folder = mkdtempSync(join(tmpdir(), "custody-evidence-"));
  const session = new Session(join(folder, "db"), {
    connectionArgs: ["--max_server_memory_usage=1000000000"],
  });
  session.query("CREATE DATABASE evidence ENGINE = Atomic");
  session.query("USE evidence");
  session.query(
    "CREATE TABLE records (tenant String, ledger String, leaf UInt64, sha FixedString(32), class String, canonical String) ENGINE = MergeTree ORDER BY (ledger, leaf)",
  );
  session.query("SET output_format_json_quote_64bit_integers = 1");
  let ledgers = 0;
  return {
    reader: {
      async rows({ sql, params }) {
        const answer = await session.queryBindAsync(sql, { ...params }, { format: "JSONEachRow" });
        const lines = answer
          .text()
          .split("\n")
          .filter((line) => line !== "");
        return lines.map((line) => JSON.parse(line) as Row);
      },
    },
    put(records) {
      ledgers += 1;
      const ledger = `custody.test/${fixtureTenant}/${ledgers}`;
      const rows = records.map((record, leaf) => {
        const canonical = canonicalFixture(record, leaf);
        const sha = sha256Hex(canonical);
        return JSON.stringify({ leaf, sha, class: record.class, canonical });
      });
      const path = join(folder, `${ledgers}.ndjson`);
      writeFileSync(path, rows.join("\n"));
      session.query(
        `INSERT INTO records SELECT '${fixtureTenant}', '${ledger}', leaf, unhex(sha), class, canonical FROM file('${path}', 'JSONEachRow', 'leaf UInt64, sha String, class String, canonical String')`,
      );
      return ledger;
    },
    close() {
      session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The canonical bytes of a fixture, as text. */
function canonicalFixture(record: FixtureRecord, leaf: number): string {
  const draft = fixtureDraft(record, record.id ?? leaf.toString(16).padStart(32, "0"));
  return canonicalText({ ...draft, rx: record.rx ?? record.ts });
}

/** The record as the redactor would hand it over: without the time of receipt, which a ledger adds. */
export function fixtureDraft(record: FixtureRecord, id: string): RecordDraft {
  const { class: name, body, ts, end, session, call, grade, auth, actor, src } = record;
  return {
    v: recordVersion,
    id,
    class: name,
    tenant: fixtureTenant,
    ts,
    nonce: "AAAAAAAAAAAAAAAAAAAAAA",
    grade: grade ?? "reported",
    src: { id: "src_1", epoch: "e1", ...src, auth: auth ?? credentials.agent },
    dialect: { name: "fixture", version: "1" },
    agent: { name: "codex", version: "0.169.0" },
    ...(end === undefined ? {} : { end }),
    ...(session === undefined ? {} : { session }),
    ...(call === undefined ? {} : { call }),
    ...(actor === undefined ? {} : { actor: { id: actor, type: "human" } }),
    body,
  };
}

export interface FixtureRun {
  readonly overlay?: Overlay;
  readonly scope?: Partial<RunScope>;
}

/** Runs one shipped control over hand-written records; the period is the second of November unless the run says otherwise. */
export async function itemListOf(
  store: FixtureStore,
  controlId: string,
  records: readonly FixtureRecord[],
  run: FixtureRun = {},
): Promise<readonly Item[]> {
  const [control] = (await loadCatalogue({ only: [controlId] })).tested;
  if (control === undefined) throw new Error(`${controlId} is not in the catalogue`);
  const scope: RunScope = {
    tenant: fixtureTenant,
    ledger: store.put(records),
    period: { start: at("00:00"), end: at("00:00", "2026-11-03") },
    from: 0,
    to: records.length,
    toRx: at("00:00", "2026-11-04"),
    slices: 1,
    ...run.scope,
  };
  const params = parametersOf(control.sql, scope, run.overlay ?? defaultOverlay);
  return readItems(store.reader, control, params);
}

export async function itemsOf(
  store: FixtureStore,
  controlId: string,
  records: readonly FixtureRecord[],
  run: FixtureRun = {},
): Promise<ReadonlyMap<string, Item>> {
  const items = await itemListOf(store, controlId, records, run);
  return new Map(items.map((item) => [item.item, item]));
}
