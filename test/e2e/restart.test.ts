import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ActionView, SessionView } from "@custody/model";
import { afterEach, expect, test } from "vitest";
import { expectedTruths, score } from "../captures/truth.ts";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  custody,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask } from "./http.ts";
import { everyItem, settled, stored, toldOf } from "./told.ts";
import { variantOf } from "./variant.ts";

// Stopping, starting again, and who may hold a folder. What happens when the process is killed is told in kill.test.ts.

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

async function start(
  data: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CustodyProcess> {
  const process = await startCustody(data, { env });
  opened.push(process);
  return process;
}

/** No stop may take longer: whoever supervises a process kills it soon after. */
const stopMsMax = 120_000;

async function stopped(process: CustodyProcess): Promise<void> {
  const asked = Date.now();
  expect(await process.stop()).toBe(0);
  expect(Date.now() - asked, "milliseconds until it ended").toBeLessThan(stopMsMax);
}

test("SIGTERM ends with 0 and loses nothing: the same ledger goes on, and says what happened", async () => {
  const data = folder("restart");
  const before = await start(data);
  for (const request of capturedRequests("codex", "tool-edit")) {
    expect(await send(before.otlp, request)).toBe(200);
  }
  // Nothing waits for the store: what was acknowledged is enough.
  await stopped(before);

  const after = await start(data);
  expect(after.adminKey).toBe(before.adminKey);
  await settled(after);
  const sessions = await everyItem<SessionView>(after, "/v1/sessions");
  const truth = expectedTruths("codex")["tool-edit"];
  if (truth === undefined) throw new Error("no truth");
  const { wrong, invented } = score(truth, (await toldOf(after, sessions)).truth);
  expect({ wrong, invented }).toEqual({ wrong: [], invented: [] });
  const logs = (await after.get("/v1/logs")) as { readonly items: readonly unknown[] };
  expect(logs.items).toHaveLength(1);
  expect(await after.post("/v1/fsck", {})).toMatchObject({ findings: [], omitted: 0 });

  for (const request of capturedRequests("codex", "tool-edit")) {
    expect(await send(after.otlp, request)).toBe(200);
  }
  await settled(after);
  expect(await everyItem<SessionView>(after, "/v1/sessions"), "delivered again").toEqual(sessions);
  await stopped(after);
});

test("SIGTERM in the middle of writes and reads ends soon, and every acknowledged request is there", async () => {
  const data = folder("restart-busy");
  const before = await start(data);
  const acknowledged: string[] = [];
  const writer = async (): Promise<void> => {
    for (;;) {
      const variant = variantOf("codex", "network-proxy");
      const status = await send(before.otlp, variant.request()).catch(() => 0);
      if (status !== 200) return;
      acknowledged.push(variant.session);
    }
  };
  const reader = async (): Promise<void> => {
    for (;;) {
      const answered = await before.get("/v1/actions?limit=5").then(
        () => true,
        () => false,
      );
      if (!answered) return;
    }
  };
  const clients = [writer(), writer(), reader(), reader()];
  while (acknowledged.length < 10) await new Promise((resolve) => setTimeout(resolve, 50));
  await stopped(before);
  await Promise.all(clients);

  const after = await start(data);
  await stored(after);
  const sessions = await everyItem<SessionView>(after, "/v1/sessions");
  const known = new Set(sessions.map(({ id }) => id));
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  const actions = await everyItem<ActionView>(after, "/v1/actions");
  for (const session of acknowledged) {
    expect(actions.filter((action) => action.session === session)).toHaveLength(3);
  }
  expect(await after.post("/v1/fsck", {})).toMatchObject({ findings: [] });
  await stopped(after);
});

test("a second signal ends at once and loses nothing that was acknowledged", async () => {
  const data = folder("restart-twice");
  const before = await start(data);
  const variant = variantOf("codex", "network-proxy");
  expect(await send(before.otlp, variant.request())).toBe(200);
  const ended = before.stop();
  process.kill(before.pid, "SIGTERM");
  expect(await ended).toBe(0);
  const after = await start(data);
  await stored(after);
  expect(await after.get(`/v1/sessions/${variant.session}`)).toMatchObject({ id: variant.session });
  await stopped(after);
});

test("a second process on the folder exits 3 and names the one that holds it, which does not notice", async () => {
  const data = folder("restart-held");
  const holder = await start(data);
  const second = await custody([
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
  expect(second.code).toBe(3);
  expect(second.stdout).toBe("");
  expect(second.stderr).toContain(String(holder.pid));
  expect(second.stderr).toContain("--data");
  expect((await ask(holder.otlp, "GET", "/readyz")).status).toBe(200);
  await stopped(holder);
  await stopped(await start(data));
});

test("only the owner can read the keys and the records", async () => {
  const data = join(folder("restart-modes"), "data");
  const process = await start(data);
  expect(statSync(data).mode & 0o077).toBe(0);
  for (const name of ["admin.key", "keys.json", "log.key", "tenants/default/key"]) {
    expect(statSync(join(data, name)).mode & 0o077, name).toBe(0);
  }
  await stopped(process);
});

test("a folder inside a git work tree is refused, unless that is insisted on", async () => {
  const tree = folder("restart-tree");
  mkdirSync(join(tree, ".git"));
  const data = join(tree, "deep", "data");
  const args = ["up", "--data", data, "--otlp-port", "0", "--grpc-port", "0", "--api-port", "0"];
  const refused = await custody(args);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("--allow-workspace-data");
  expect(refused.stderr).toContain(tree);
  const insisted = await startCustody(data, { args: ["--allow-workspace-data"] });
  opened.push(insisted);
  await stopped(insisted);
});

test("a taken port is named with the flag that chooses another", async () => {
  const holder = await start(folder("restart-ports"));
  const port = (url: string): string => new URL(url).port;
  const flags = ["--otlp-port", "--grpc-port", "--api-port"] as const;
  for (const [flag, taken] of [
    ["--otlp-port", port(holder.otlp)],
    ["--grpc-port", port(holder.grpc)],
    ["--api-port", port(holder.api)],
  ] as const) {
    const data = folder("restart-port");
    const others = flags.filter((one) => one !== flag);
    const free = others.flatMap((other) => [other, "0"]);
    const refused = await custody(["up", "--data", data, flag, taken, ...free]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(`port ${taken} is taken`);
    expect(refused.stderr).toContain(flag);
    for (const other of others) expect(refused.stderr).not.toContain(other);
    // It let go of the folder again.
    await stopped(await start(data));
  }
  await stopped(holder);
});

test("stdout holds the ready line and nothing else, however much is logged", async () => {
  const process = await start(folder("restart-log"), { CUSTODY_LOG: "info" });
  await ask(process.api, "GET", "/v1/sessions", { key: process.adminKey });
  await ask(process.otlp, "POST", "/v1/traces", { body: "{" });
  await stopped(process);
  expect(process.stdout().trim().split("\n")).toHaveLength(1);
  expect(process.stderr()).toContain("/v1/sessions");
  expect(process.stderr()).not.toContain(process.adminKey);
});
