import { afterAll, expect, test } from "vitest";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";

const data = temporaryFolder("late-join");
let custody: CustodyProcess | undefined;

afterAll(async () => {
  await custody?.kill();
  removeFolder(data);
});

interface Joined {
  readonly items: readonly { readonly egress: readonly { readonly host: string }[] }[];
}

/** Hosts of the flows that are joined to a call, in order. */
async function joinedHosts(running: CustodyProcess): Promise<readonly string[]> {
  const page = (await running.get("/v1/actions")) as Joined;
  return page.items.flatMap(({ egress }) => egress.map(({ host }) => host)).sort();
}

test("flows that were acknowledged right before a kill are joined to their calls after the next start, with nothing more sent", async () => {
  custody = await startCustody(data);
  for (const request of capturedRequests("codex", "network-proxy")) {
    expect(await send(custody.otlp, request)).toBe(200);
  }
  await custody.kill();
  custody = await startCustody(data);
  const running = custody;
  const hosts = await eventually(async () => {
    const joined = await joinedHosts(running);
    return joined.length === 3 ? joined : undefined;
  }, "three joined flows");
  // What the capture's own proxy decided: one host allowed, two refused.
  expect(hosts).toEqual(["denied.example", "localhost", "unlisted.example"]);
});
