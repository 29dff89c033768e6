import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ActionView, SessionView } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// A real confinement around real processes; its launcher, which sees what became of them, is the observer. The agent's own account is sent beside it.

const data = temporaryFolder("sandbox-data");
const workspace = temporaryFolder("sandbox-workspace");
const outside = temporaryFolder("sandbox-outside");
const session = "s-confined";
const box = "box-confined-1";
let custody: CustodyProcess;
const keys = new Map<string, string>();

/** Everything is read-only but the workspace, and there is no network: the arguments are the configuration. */
const confinement = [
  ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
  ...["--bind", workspace, workspace, "--unshare-net", "--unshare-pid", "--die-with-parent"],
];

function confined(command: string): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync("bwrap", [...confinement, "sh", "-c", command], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { status, stderr };
}

/** A machine may have it installed and forbid the namespaces it needs. */
const bubblewrapRuns = spawnSync("bwrap", ["--ro-bind", "/", "/", "true"]).status === 0;

beforeAll(async () => {
  custody = await startCustody(data);
  keys.set("agent", await custody.key("agent", "laptop"));
  keys.set("runtime", await custody.key("observer", "launcher", "sandbox"));
  keys.set("proxy", await custody.key("observer", "egress", "proxy"));
});
afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  for (const folder of [data, workspace, outside]) removeFolder(folder);
});

async function send(who: string, method: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${custody.otlp}${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.get(who)}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(answer.status, path).toBe(200);
  return answer.json();
}

/** Codex's log of one command, as it says it: its sandbox is on, and the command failed. */
async function tellCommand(call: string, cmd: string, began: number, exit: number): Promise<void> {
  const log = (values: Readonly<Record<string, string>>) => ({
    attributes: Object.entries({
      "event.timestamp": new Date().toISOString(),
      "conversation.id": session,
      "app.version": "0.169.0",
      ...values,
    }).map(([key, value]) => ({ key, value: { stringValue: value } })),
  });
  const logRecords = [
    log({
      "event.name": "codex.conversation_starts",
      "event.timestamp": new Date(began - 500).toISOString(),
      model: "m",
      approval_policy: "never",
      sandbox_policy: "danger-full-access",
    }),
    log({
      "event.name": "codex.tool_result",
      tool_name: "exec_command",
      call_id: call,
      arguments: JSON.stringify({ cmd }),
      output: `Process exited with code ${exit}`,
      success: exit === 0 ? "true" : "false",
      duration_ms: String(Date.now() - began),
    }),
  ];
  const scopeLogs = [{ scope: { name: "codex_otel.log_only" }, logRecords }];
  await send("agent", "POST", "/v1/logs", { resourceLogs: [{ scopeLogs }] });
}

describe.skipIf(!bubblewrapRuns)(
  "in a real bubblewrap (skipped where it is not installed or may not run)",
  () => {
    test("a write outside is stopped by the kernel, told by the launcher, and stands on the call that was open", async () => {
      await send("runtime", "PUT", `/v1/sandboxes/${box}`, {
        event: "start",
        ts: new Date().toISOString(),
        mode: "workspace-write",
        backend: "bubblewrap",
        runtime: "bubblewrap",
        network: "none",
        read_only_root: true,
        writable_roots: [workspace],
        escapes_allowed: false,
        privileged: false,
      });
      const target = join(outside, "smuggled");
      const cmd = `echo x > ${target}`;
      const began = Date.now();
      const { status, stderr } = confined(cmd);
      expect(status).not.toBe(0);
      expect(stderr).toContain("Read-only file system");
      expect(existsSync(target)).toBe(false);
      await send("runtime", "POST", `/v1/sandboxes/${box}/violations`, {
        ts: new Date(Math.round((began + Date.now()) / 2)).toISOString(),
        kind: "write",
        target,
        result: "erofs",
      });
      await new Promise((resolve) => setTimeout(resolve, 30));
      await tellCommand("call_1", cmd, began, 2);
      // A proxy that knows the session by its credential saw a request come out of that sandbox.
      await send("proxy", "POST", "/v1/egress/ndjson", {
        ts: new Date().toISOString(),
        session,
        host: "api.example",
        port: 443,
        protocol: "https",
        action: "allowed",
        sandbox: box,
      });
      await settled(custody);

      const [action] = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
      expect(action?.sandbox).toMatchObject({
        violations: [{ kind: "write", target, result: "erofs", grade: "observed", sandbox: box }],
        observed: {
          mode: "workspace-write",
          backend: "bubblewrap",
          grade: "observed",
          match: { method: "proxy_session", confidence: "high" },
        },
        reported: { mode: "danger-full-access", grade: "reported" },
      });
      expect(action?.sandbox?.disagreement).toEqual([
        { about: "mode", observed: "workspace_write", reported: "none" },
        { about: "violation", observed: "write erofs", reported: "none" },
      ]);
      const view = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
      expect(view.sandbox).toMatchObject({ grade: "observed", violations: 1 });
      expect(view.agent.name).toBe("codex");
    });

    test("a write inside goes through, and nobody says otherwise", async () => {
      const target = join(workspace, "kept");
      expect(confined(`echo y > ${target}`)).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(target, "utf8")).toBe("y\n");
      writeFileSync(join(outside, "host"), "the launcher itself may");
    });
  },
);

test("a runtime's own words come in under an observer's key alone, and tie to the session that a label names", async () => {
  const inspect = readFileSync(
    fileURLToPath(new URL("../fixtures/sandbox/docker/inspect.json", import.meta.url)),
    "utf8",
  );
  const path = "/v1/import/sandbox-runtime";
  const refused = await fetch(`${custody.otlp}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys.get("agent")}`, "content-type": "application/json" },
    body: inspect,
  });
  expect(refused.status).toBe(403);
  const answer = { accepted: 2, other: 0, rejected: 0, errors: [] };
  expect(await send("runtime", "POST", path, inspect)).toEqual(answer);
  expect(await send("runtime", "POST", path, inspect)).toEqual(answer);
  expect(await send("runtime", "POST", path, '{"what":1}\n')).toMatchObject({ rejected: 1 });
  await settled(custody);
  const records = await everyItem<ToldRecord>(custody, "/v1/records?class=sandbox");
  const own = records.filter(({ record }) => record.body["runtime"] === "docker/runc");
  expect(own.map(({ record }) => [record.session ?? "-", record.grade]).sort()).toEqual([
    ["-", "observed"],
    ["s-docker", "observed"],
  ]);
  const view = (await custody.get("/v1/sessions/s-docker")) as SessionView;
  expect(view.sandbox?.observed).toMatchObject({
    mode: "workspace-write",
    read_only_root: true,
    match: { method: "stated", confidence: "high" },
  });
  expect(view.sandbox?.observed?.config_digest).toMatch(/^[0-9a-f]{64}$/);
});
