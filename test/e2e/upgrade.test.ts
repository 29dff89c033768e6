import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Session } from "chdb";
import { afterEach, expect, test } from "vitest";
import { send } from "./captures.ts";
import {
  type CustodyProcess,
  custody,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";
import { variantOf } from "./variant.ts";

// A folder that an earlier release wrote, opened by this one; and one that a later release wrote.

const fixture = fileURLToPath(new URL("../fixtures/upgrade/", import.meta.url));

interface Expected {
  readonly origins: readonly string[];
  readonly records: readonly Pick<ToldRecord, "id" | "ledger" | "leaf" | "sha256">[];
  readonly sessions: readonly object[];
  readonly actions: readonly object[];
}

const opened: CustodyProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.kill();
  for (const folder of folders.splice(0)) removeFolder(folder);
});

/** The folder of the earlier release, as if that release had run here: unpacked it would be a copy, which is never continued. */
function earlierFolder(): string {
  const home = temporaryFolder("upgrade");
  folders.push(home);
  execFileSync("tar", ["-xzf", join(fixture, "data.tar.gz"), "-C", home]);
  const data = join(home, "data");
  const path = join(data, "tenants/default/ledgers/0/identity.json");
  const identity = JSON.parse(readFileSync(path, "utf8")) as object;
  const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
  const host = `${machineId()}/${hostname()}`;
  const birthplace = { device: `${dev}`, inode: `${ino}`, born: `${birthtimeNs}`, host };
  writeFileSync(path, JSON.stringify({ ...identity, birthplace }));
  return data;
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return "none";
  }
}

test("a folder of an earlier release goes on: every record the same, the same answers, and further writes", async () => {
  const expected = JSON.parse(readFileSync(join(fixture, "expected.json"), "utf8")) as Expected;
  const process = await startCustody(earlierFolder());
  opened.push(process);
  await settled(process);
  const logs = (await process.get("/v1/logs")) as {
    readonly items: readonly { readonly origin: string }[];
  };
  expect(logs.items.map(({ origin }) => origin)).toEqual(expected.origins);
  const places = new Map(
    (await everyItem<ToldRecord>(process, "/v1/records")).map((record) => [record.id, record]),
  );
  for (const record of expected.records) expect(places.get(record.id)).toMatchObject(record);
  expect(await everyItem(process, "/v1/sessions")).toMatchObject(expected.sessions);
  expect(await everyItem(process, "/v1/actions")).toMatchObject(expected.actions);

  const further = variantOf("codex", "network-proxy");
  expect(await send(process.otlp, further.request())).toBe(200);
  await settled(process);
  expect(await process.get(`/v1/sessions/${further.session}`)).toMatchObject({
    id: further.session,
  });
  expect(await process.post("/v1/fsck", {})).toMatchObject({ findings: [], omitted: 0 });
  expect(await process.stop()).toBe(0);
});

test("a folder of a later release is refused with exit code 2, and not touched", async () => {
  const data = earlierFolder();
  const session = new Session(join(data, "store"));
  session.query("INSERT INTO custody.migrations (name, checksum) SELECT '999-later', 'x'");
  session.close();
  const before = digestOf(data);
  const refused = await custody([
    "up",
    "--data",
    data,
    "--otlp-port",
    "0",
    "--grpc-port",
    "0",
    "--api-port",
    "0",
    "--json",
  ]);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain("newer release");
  expect(refused.stderr).not.toContain("    at ");
  expect(digestOf(data)).toEqual(before);
});

/** Of everything but the engine's own folder, which notes that it was opened. */
function digestOf(data: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (path === join(data, "store")) continue;
      if (entry.isDirectory()) visit(path);
      else
        files[relative(data, path)] = createHash("sha256").update(readFileSync(path)).digest("hex");
    }
  };
  visit(data);
  return files;
}
