import type { Investigation } from "@custody/query-api";
import { afterAll, describe, expect, test } from "vitest";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  custody as runCustody,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask, refusal } from "./http.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

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

const session = "01a2074e-0e11-7cd0-a6b7-c26569a41cf7";
const dayMs = 86_400_000;

describe("an alert about one of the flows that were refused", () => {
  /** When lists have the flow: as its source said, unless that is a day or more from when it was heard. */
  async function timeOf(running: CustodyProcess, host: string): Promise<string> {
    const [flow] = await everyItem<ToldRecord>(running, `/v1/records?egress_host=${host}`);
    const [ts, rx] = [String(flow?.record["ts"]), String(flow?.record["rx"])];
    return Math.abs(Date.parse(ts) - Date.parse(rx)) > dayMs ? rx : ts;
  }

  function server(): CustodyProcess {
    if (custody === undefined) throw new Error("the first test starts it");
    return custody;
  }

  async function investigated(
    query: Readonly<Record<string, string>>,
    key = server().adminKey,
  ): Promise<Investigation> {
    const path = `/v1/investigate?${new URLSearchParams(query)}`;
    const answer = await ask(server().api, "GET", path, { key });
    expect(answer.status, answer.text).toBe(200);
    return answer.json as Investigation;
  }

  test("leads from its host to the session and the very call, with what ran beside it, graded as the agent's enforcer said it", async () => {
    const at = await timeOf(server(), "denied.example");
    const told = await investigated({ at, domain: "denied.example" });
    expect(told.sessions).toMatchObject([
      { id: session, agent: "codex", agent_version: "0.169.0", matched: ["domain"] },
    ]);
    const matched = told.actions.filter(({ listed }) => listed === "matched");
    expect(matched).toMatchObject([
      {
        matched: ["domain"],
        action: {
          call: "call_0005fake",
          outcome: { status: "blocked" },
          approvals: [{ verdict: "allow", by: "policy" }],
          egress: [{ host: "denied.example", port: 80, action: "denied", vantage: "enforcer" }],
        },
      },
    ]);
    const flow = matched[0]?.evidence.find(({ how }) => how === "same_host");
    expect(flow).toMatchObject({ class: "egress", grade: "reported", vantage: "enforcer" });
    expect(told.actions.map(({ listed, action }) => [action.call, listed])).toEqual([
      ["call_0002fake", "before"],
      ["call_0005fake", "matched"],
      ["call_0008fake", "after"],
    ]);
    expect(told.unexplained).toEqual([]);
    expect(told.cut).toEqual([]);
    const [, first] = told.actions;
    expect(told.next[0]?.path).toBe(first?.path);
    expect(await server().get(first?.path ?? "")).toMatchObject({ call: "call_0005fake" });
  });

  test("lists a flow that a proxy saw and no call explains apart, observed", async () => {
    const proxy = await server().key("observer", "egress-proxy", "proxy");
    const ts = new Date().toISOString();
    const line = {
      ts,
      host: "deep.denied.example",
      port: 443,
      protocol: "https",
      action: "allowed",
    };
    const sent = await ask(server().otlp, "POST", "/v1/egress/ndjson", {
      key: proxy,
      body: `${JSON.stringify(line)}\n`,
      headers: { "content-type": "application/x-ndjson" },
    });
    expect(sent.status, sent.text).toBe(200);
    await settled(server());
    const told = await investigated({ at: ts, within: "5m", domain: "DENIED.example." });
    expect(told.unexplained).toMatchObject([
      {
        host: "deep.denied.example",
        port: 443,
        action: "allowed",
        grade: "observed",
        said_by: "egress-proxy",
        explained: "not",
        session: null,
      },
    ]);
    const other = await investigated({ at: ts, within: "5m", domain: "another.example" });
    expect(other.unexplained).toEqual([]);
  });

  test("shows as many as it may of a flood of flows, and says that there are more", async () => {
    const proxy = await server().key("observer", "loud-proxy", "proxy");
    const ts = new Date().toISOString();
    const flow = { ts, host: "loud.example", port: 443, protocol: "https", action: "denied" };
    const lines = Array.from(
      { length: 60 },
      (_, index) => `${JSON.stringify({ ...flow, id: `f${index}` })}\n`,
    );
    const sent = await ask(server().otlp, "POST", "/v1/egress/ndjson", {
      key: proxy,
      body: lines.join(""),
      headers: { "content-type": "application/x-ndjson" },
    });
    expect(sent.status, sent.text).toBe(200);
    await settled(server());
    const told = await investigated({ at: ts, within: "1m", domain: "loud.example" });
    expect(told.unexplained).toHaveLength(50);
    expect(told.cut).toEqual([{ what: "domain", max: 50 }]);
    expect(told.next.at(-1)?.say).toContain("Limits were met: domain (50)");
  });

  test("finds who touched a file only for a key that may read content", async () => {
    const at = await timeOf(server(), "denied.example");
    const investigator = await server().key("investigator", "ivy");
    const told = await investigated({ at, file: "/v1/models" }, investigator);
    expect(told.sessions.map(({ id }) => id)).toEqual([session]);
    expect(
      told.actions.filter(({ listed }) => listed === "matched").map(({ action }) => action.call),
    ).toEqual(["call_0002fake"]);
    const reader = await server().key("reader", "rita");
    const path = `/v1/investigate?file=${encodeURIComponent("/v1/models")}`;
    expect(refusal(await ask(server().api, "GET", path, { key: reader }))).toBe("403 forbidden");
    const seen = await investigated({ at, domain: "denied.example" }, reader);
    expect(seen.actions.map(({ action }) => action.intent.arguments)).toEqual([null, null, null]);
  });

  test("says where the nearest lies when nothing is within the window", async () => {
    const at = await timeOf(server(), "unlisted.example");
    const early = new Date(Date.parse(at) - 3 * 3_600_000).toISOString();
    const told = await investigated({ at: early, domain: "unlisted.example" });
    expect(told).toMatchObject({ sessions: [], actions: [], unexplained: [] });
    expect(told.next.map(({ say }) => say).join()).toContain(`the nearest is at ${at}, 3h`);
    const never = await investigated({ at: early, domain: "nobody.example" });
    expect(never.next.map(({ say }) => say).join()).toContain("nor within a day of it");
  });

  test("takes hostile values as words, and refuses what it does not know", async () => {
    const at = await timeOf(server(), "denied.example");
    const hostile = "x' OR 1=1 --%_{domain:String}\\";
    for (const name of ["host", "principal", "file"]) {
      const told = await investigated({ at, [name]: hostile });
      expect([told.sessions, told.actions], name).toEqual([[], []]);
    }
    for (const domain of ["%", "*.example", "_enied.example", "'||1||'", "{domain:String}"]) {
      const told = await investigated({ at, domain });
      expect([told.sessions, told.unexplained], domain).toEqual([[], []]);
    }
    for (const query of [
      "sesion=x",
      "at=yesterday",
      "at=9999-12-31T00:00:00Z",
      "within=15",
      "within=2d",
      "domain=http%3A%2F%2Fdenied.example%2F",
      "file=%2F%2F%2F",
      "host=",
    ]) {
      const answer = await ask(server().api, "GET", `/v1/investigate?${query}`, {
        key: server().adminKey,
      });
      expect(refusal(answer), query).toBe("400 bad-request");
    }
  });

  test("is told on a terminal in order, with what to do next", async () => {
    const at = await timeOf(server(), "denied.example");
    const { api, adminKey } = server();
    const reach = ["--api", api, "--key", adminKey];
    const asked = ["investigate", "--at", at, "--domain", "denied.example", "--within", "1m"];
    const { code, stdout, stderr } = await runCustody([...asked, ...reach]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    let read = 0;
    for (const words of [
      "Sessions, the best match first",
      `1. ${session}  codex 0.169.0`,
      "domain: the flow's host (egress",
      "What they did, in order of time",
      "exec_command  executed",
      "just before a match",
      "exec_command  blocked",
      "approval: allow by policy",
      "egress: denied.example:80 denied (reported, enforcer",
      "listed: matches, reported",
      "just after a match",
      "The dossier of the first action that matches",
    ]) {
      const place = stdout.indexOf(words, read);
      expect(place, `${words} after ${read} in\n${stdout}`).toBeGreaterThanOrEqual(read);
      read = place + words.length;
    }
    const wrong = await runCustody(["investigate", "--at", "10 o'clock", ...reach]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("2026-11-23T10:00:00Z");
  });
});
