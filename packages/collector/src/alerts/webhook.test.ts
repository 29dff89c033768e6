import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { type Answer, openWebhook, type Webhook } from "./receivers.test-suite.ts";
import { type Delivery, deliverWebhook } from "./webhook.ts";

const alert: Alert = {
  tenant: "acme",
  finding: "f".repeat(32),
  rule: "D-NET-01",
  rule_version: "1",
  title: "Egress to a host that is not allow-listed",
  case: "allowed",
  severity: "high",
  session: 'é\u2028"\ud83d\ude00\ud800',
  call: null,
  at: "2026-11-23T07:28:00.123456789Z",
  found_at: "2026-11-23T07:28:01.000000000Z",
  path: "/v1/findings/x",
};
const now = "2026-11-23T07:28:02.123456789Z";
const secret = "a-secret-of-the-receiver";

const hooks: Webhook[] = [];
afterEach(async () => {
  for (const hook of hooks.splice(0)) await hook.close();
});
const open = async (answer: Answer): Promise<Webhook> => {
  const hook = await openWebhook(answer);
  hooks.push(hook);
  return hook;
};
const tell = (url: string): Promise<Delivery> =>
  deliverWebhook({ name: "soc", minSeverity: "low", kind: "webhook", url, secret }, alert, {
    witness: "9:abc=",
    now,
  });

test("the signature is over the time and the very bytes that were sent, whatever an agent called its session", async () => {
  const hook = await open((response) => response.end());
  expect(await tell(hook.url)).toEqual({ outcome: "delivered" });
  const [post] = hook.heard;
  const [, time, mac] =
    /^t=([^,]+),v1=([0-9a-f]{64})$/.exec(String(post?.headers["custody-signature"])) ?? [];
  expect(time).toBe(now);
  const bytes = Buffer.concat([Buffer.from(`${now}.`), post?.body ?? Buffer.alloc(0)]);
  expect(mac).toBe(createHmac("sha256", secret).update(bytes).digest("hex"));
  const body: unknown = JSON.parse(post?.body.toString() ?? "");
  const sent = { type: "custody.finding", witness: "9:abc=", sent_at: now };
  expect(body).toEqual({ ...alert, ...sent });
  expect(post?.headers).toMatchObject({
    "content-type": "application/json",
    "idempotency-key": alert.finding,
  });
});

test.each([301, 302, 303, 307, 308])(
  "a redirect by %i is a failure: nobody is told where it leads",
  async (status) => {
    const elsewhere = await open((response) => response.end());
    const hook = await open((response) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    );
    expect(await tell(hook.url)).toEqual({ outcome: "failed", reason: `status ${status}` });
    expect(elsewhere.heard).toEqual([]);
  },
);

test("an answer that never ends is not read", async () => {
  let isOpen = true;
  const hook = await open((response) => {
    response.on("close", () => {
      isOpen = false;
    });
    const pour = (): void => {
      while (isOpen && response.write("x".repeat(65_536)));
    };
    response.on("drain", pour);
    pour();
  });
  expect(await tell(hook.url)).toEqual({ outcome: "delivered" });
  await expect.poll(() => isOpen).toBe(false);
});

test.each([400, 401, 404, 429, 500, 503])(
  "a status of %i is a failure that says no more than that",
  async (status) => {
    const hook = await open((response) => response.writeHead(status).end("a text of the receiver"));
    expect(await tell(hook.url)).toEqual({ outcome: "failed", reason: `status ${status}` });
  },
);

test("a receiver that is not there, or hangs up, is a failure with the code of the connection", async () => {
  const hook = await open((response) => response.destroy());
  expect(await tell(hook.url)).toEqual({ outcome: "failed", reason: "UND_ERR_SOCKET" });
  await hook.close();
  expect(await tell(hook.url)).toEqual({ outcome: "failed", reason: "ECONNREFUSED" });
});
