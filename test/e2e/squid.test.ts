import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ActionView, LedgerRecord } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Squid, squidIsInstalled, startSquid } from "../support/squid.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled } from "./told.ts";

// The configuration of deploy/egress/squid in a real Squid, its log sent as an observer sends it, beside what the agent says of itself.

const data = temporaryFolder("squid-data");
const folder = temporaryFolder("squid");
const session = "s-real-squid";
const packages = createServer((_, response) => response.end("left-pad"));
let custody: CustodyProcess;
let squid: Squid | undefined;
let port: number;

describe.skipIf(!squidIsInstalled)(
  "behind a real Squid (skipped where /usr/sbin/squid is not installed)",
  () => {
    beforeAll(async () => {
      packages.listen(0, "127.0.0.1");
      await once(packages, "listening");
      port = (packages.address() as AddressInfo).port;
      custody = await startCustody(data);
      squid = await startSquid(folder, ["packages.example"], { "packages.example": "127.0.0.1" });
    });
    afterAll(async () => {
      await squid?.stop();
      packages.close();
      expect(await custody.stop()).toBe(0);
      removeFolder(data);
      removeFolder(folder);
    });

    test("each request of a session stands on the call that made it, observed, and a forged user name is nobody's", async ({
      skip,
    }) => {
      if (squid === undefined)
        return skip("Squid is installed, and this machine does not let it run");
      const password = squid.passwordOf(session);
      const began = Date.now();
      const url = `http://packages.example:${port}/left-pad`;
      expect(await squid.get(url, session, password)).toBe(200);
      expect(await squid.get("http://denied.example/x", session, password)).toBe(403);
      expect(await squid.connect("denied.example:443", session, password)).toBe(403);
      // Another session's name without its password, and a name that would write fields of its own into the log.
      expect(await squid.get(url, "s-somebody-else", password)).toBe(407);
      expect(await squid.get(url, `x session=${session} y`, "wrong")).toBe(407);
      expect(await squid.get(url)).toBe(407);
      await tell(`curl ${url} http://denied.example/x https://denied.example/`, began);
      const answer = await post("/v1/egress/squid", "text/plain", squid.log(), "proxy");
      expect(answer).toMatchObject({ rejected: 0, errors: [] });
      await settled(custody);

      const [action] = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
      const flows = action?.egress.map(({ host, action: verdict, grade, match }) => [
        host,
        verdict,
        grade,
        match.method,
        match.confidence,
      ]);
      expect(flows).toEqual([
        ["packages.example", "allowed", "observed", "proxy_session", "high"],
        ["denied.example", "denied", "observed", "proxy_session", "high"],
        ["denied.example", "denied", "observed", "proxy_session", "high"],
      ]);
      const records = await everyItem<{ readonly record: LedgerRecord<"egress"> }>(
        custody,
        "/v1/records?class=egress",
      );
      const sessions = records.map(({ record }) => record.session ?? "nobody");
      expect(sessions.filter((name) => name === session)).toHaveLength(3);
      expect(sessions.filter((name) => name !== session && name !== "nobody")).toEqual([]);
    });
  },
);

/** The agent's own account of the command, as Codex logs it. */
async function tell(command: string, began: number): Promise<void> {
  const values = {
    "event.name": "codex.tool_result",
    "event.timestamp": new Date(Date.now() + 50).toISOString(),
    "conversation.id": session,
    "app.version": "0.169.0",
    tool_name: "exec_command",
    call_id: "call_1",
    arguments: JSON.stringify({ cmd: command }),
    output: "left-pad",
    success: "true",
    duration_ms: String(Date.now() - began + 100),
  };
  const attributes = Object.entries(values).map(([key, value]) => ({
    key,
    value: { stringValue: value },
  }));
  const scopeLogs = [{ scope: { name: "codex_otel.log_only" }, logRecords: [{ attributes }] }];
  await post("/v1/logs", "application/json", JSON.stringify({ resourceLogs: [{ scopeLogs }] }));
}

async function post(path: string, type: string, body: string, observes?: string): Promise<unknown> {
  const key =
    observes === undefined
      ? await custody.key("agent", "laptop")
      : await custody.key("observer", "egress-proxy", observes);
  const answer = await fetch(`${custody.otlp}${path}`, {
    method: "POST",
    headers: { "content-type": type, authorization: `Bearer ${key}` },
    body,
  });
  expect(answer.status).toBe(200);
  return answer.json();
}
