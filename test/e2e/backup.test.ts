import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  custody,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";
import { variantOf } from "./variant.ts";

// A copy of a running installation, and what becomes of it: through the shell, as an operator does it.

const opened: CustodyProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.kill();
  for (const folder of folders.splice(0)) removeFolder(folder);
});

function folder(name: string): string {
  const made = temporaryFolder(name);
  folders.push(made);
  return made;
}

async function start(data: string): Promise<CustodyProcess> {
  const process = await startCustody(data);
  opened.push(process);
  return process;
}

interface Log {
  readonly origin: string;
}
interface Told {
  readonly ledgers: readonly {
    readonly origin: string;
    readonly size: number;
    readonly checkpoint: { readonly size: number; readonly root: string } | null;
  }[];
  readonly left_out: readonly string[];
  readonly files: number;
  readonly verified: boolean;
}

const logsOf = async (process: CustodyProcess): Promise<readonly string[]> =>
  ((await process.get("/v1/logs")) as { readonly items: readonly Log[] }).items.map(
    ({ origin }) => origin,
  );

const recordsOf = async (process: CustodyProcess): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await everyItem<ToldRecord>(process, "/v1/records")).map(({ ledger, leaf, sha256 }) => [
      `${ledger}#${leaf}`,
      sha256,
    ]),
  );

async function ok(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await custody(args);
  expect(code, `${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

async function exported(process: CustodyProcess, out: string, more: readonly string[] = []) {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  return custody([
    "export",
    "--framework",
    "soc2",
    "--from",
    from,
    "--to",
    to,
    "--out",
    out,
    "--controls",
    "AT-APR-01",
    "--api",
    process.api,
    "--key",
    process.adminKey,
    "--json",
    ...more,
  ]);
}

const keysIn = (root: string): readonly string[] =>
  readdirSync(root).filter((name) => name.endsWith(".key"));

test("a copy taken while records arrive is restored elsewhere, opens a new origin, and both go on as verifiable ledgers", async () => {
  const home = folder("backup");
  const original = await start(join(home, "original"));
  for (const request of capturedRequests("codex", "tool-edit")) {
    expect(await send(original.otlp, request)).toBe(200);
  }
  await settled(original);
  const first = join(home, "first.zip");
  expect((await exported(original, first)).code).toBe(0);

  const work = { ended: false };
  const acknowledged: string[] = [];
  const writer = (async () => {
    while (!work.ended) {
      const variant = variantOf("codex", "network-proxy");
      expect(await send(original.otlp, variant.request())).toBe(200);
      acknowledged.push(variant.session);
      // Enough to be in the middle of writing, and not more to read at the end than there is to see.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  const archive = join(home, "copy.tar");
  while (acknowledged.length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
  const early = [...acknowledged];
  const args = ["backup", "--data", original.data, "--api", original.api, "--json"];
  const told = JSON.parse(await ok([...args, "--to", archive])) as Told;
  work.ended = true;
  await writer;
  expect(told).toMatchObject({ verified: true, left_out: ["admin.key", "bundle.key", "log.key"] });
  expect(existsSync(`${archive}.part`)).toBe(false);
  expect(readdirSync(join(original.data, "snapshots")), "what the copy was made of").toEqual([]);

  // Yesterday's copy: the original has gone on since.
  await settled(original);
  const copy = join(home, "copy");
  const said = await ok(["restore", "--from", archive, "--data", copy]);
  expect(said).toContain("NEW ORIGIN");
  expect(keysIn(copy), "a new key of its own to ask it with").toEqual(["admin.key"]);
  const restored = await start(copy);
  const later = variantOf("codex", "network-proxy");
  expect(await send(restored.otlp, later.request())).toBe(200);
  await settled(restored);

  const [old = ""] = await logsOf(original);
  const [mark] = told.ledgers;
  expect(mark).toMatchObject({ origin: old });
  const [kept, fresh, ...more] = await logsOf(restored);
  expect(more).toEqual([]);
  expect(kept, "the old origin").toBe(old);
  expect(fresh).not.toBe(old);
  const records = await everyItem<ToldRecord>(restored, "/v1/records");
  const opening = records.find(({ ledger, leaf }) => ledger === fresh && leaf === 0);
  expect(opening?.record.body).toMatchObject({
    kind: "origin",
    detail: { predecessor: old, reason: "restored", ...mark?.checkpoint },
  });
  const seals = records.filter(({ class: name, ledger }) => name === "seal" && ledger === fresh);
  expect(seals.at(-1)?.record.body["roster"], "the roster of its seals").toEqual(
    expect.arrayContaining([{ origin: old, size: mark?.checkpoint?.size }]),
  );

  // The records of the copy are those of the original, byte for byte, up to where the copy ends; what was acknowledged before it is there.
  const ours = await recordsOf(original);
  const theirs = [...(await recordsOf(restored))].filter(([place]) => place.startsWith(`${old}#`));
  expect(theirs).toHaveLength(mark?.size ?? -1);
  for (const [place, sha256] of theirs) expect(ours.get(place), place).toBe(sha256);
  for (const session of [...early, later.session]) {
    expect(await restored.get(`/v1/sessions/${session}`)).toMatchObject({ id: session });
  }
  expect(restored.adminKey).not.toBe(original.adminKey);
  for (const one of [original, restored]) {
    expect(await one.post("/v1/fsck", {})).toMatchObject({ findings: [], omitted: 0 });
  }

  // Evidence of both, and what each proves of an earlier bundle of the original.
  const grown = join(home, "grown.zip");
  expect((await exported(original, grown, ["--previous", first])).code).toBe(0);
  const verified = JSON.parse(await ok(["verify", grown, "--previous", first, "--json"])) as object;
  expect(verified).toMatchObject({ level: "self_consistent", previous: "consistent" });
  const refused = await exported(restored, join(home, "lie.zip"), ["--previous", first]);
  expect(refused.code, "another ledger cannot have grown out of that checkpoint").not.toBe(0);
  const other = join(home, "other.zip");
  expect((await exported(restored, other)).code).toBe(0);
  expect(JSON.parse(await ok(["verify", other, "--json"]))).toMatchObject({
    level: "self_consistent",
  });
  const crossed = await custody(["verify", other, "--previous", first, "--json"]);
  expect(crossed.stdout).not.toContain('"previous":"consistent"');
});

test("a folder that nobody holds is copied too, with its keys where that is asked for, and nothing is overwritten", async () => {
  const home = folder("backup-still");
  const data = join(home, "data");
  const process = await start(data);
  const variant = variantOf("codex", "network-proxy");
  expect(await send(process.otlp, variant.request())).toBe(200);
  await settled(process);
  expect(await process.stop()).toBe(0);

  const copy = join(home, "copy");
  const rehearsal = JSON.parse(
    await ok(["backup", "--data", data, "--to", copy, "--dry-run", "--json"]),
  );
  expect(rehearsal).toMatchObject({ dry_run: true, left_out: ["log.key", "admin.key"] });
  expect(existsSync(copy)).toBe(false);
  const backup = ["backup", "--data", data, "--to", copy, "--with-keys"];
  expect(await ok(backup)).toContain("IT HOLDS PRIVATE KEYS");
  expect(keysIn(copy)).toEqual(["admin.key", "log.key"]);
  const again = await custody(backup);
  expect(again).toMatchObject({ code: 2 });
  expect(again.stderr).toContain("nothing is overwritten");

  const restore = ["restore", "--from", copy, "--data"];
  expect(await custody([...restore, data])).toMatchObject({ code: 2 });
  expect(await ok([...restore, join(home, "dry"), "--dry-run"])).toContain("is whole");
  expect(existsSync(join(home, "dry"))).toBe(false);
  await ok([...restore, join(home, "restored")]);
  const restored = await start(join(home, "restored"));
  expect(restored.adminKey).toBe(process.adminKey);
  expect(await restored.get(`/v1/sessions/${variant.session}`)).toMatchObject({
    id: variant.session,
  });
  const logs = await logsOf(restored);
  expect(
    logs,
    "with the very keys of the original, and still no ledger of it goes on",
  ).toHaveLength(2);
  expect(new Set(logs).size).toBe(2);
});
