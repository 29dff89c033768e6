import type { SessionView } from "@custody/model";
import type { AgentsAnswer, DriftAnswer } from "@custody/query-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectedTruths } from "../captures/truth.ts";
import { type CapturedRequest, capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  custody as command,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// A real Codex session, changed as a release of next year might change it: an event has another name, and the release is one nobody saw.

const data = temporaryFolder("drift");
const known = "plain-answer";
const changed = "tool-edit";
let custody: CustodyProcess;

/** Byte for byte as many, so that the lengths in a protobuf body stay right. */
const changes = [
  ["codex.tool_result", "codex.tool_report"],
  ["0.169.0", "0.170.0"],
] as const;

function ofNextYear(request: CapturedRequest): CapturedRequest {
  const text = changes.reduce(
    (body, [old, name]) => body.replaceAll(old, name),
    request.body.toString("latin1"),
  );
  return { ...request, body: Buffer.from(text, "latin1") };
}

interface Diagnosed {
  readonly checks: readonly {
    readonly check: string;
    readonly verdict: string;
    readonly said: string;
  }[];
}

async function doctor(): Promise<{
  readonly code: number | null;
  readonly lines: Diagnosed["checks"];
}> {
  const flags = ["--data", data, "--api", custody.api, "--json"];
  const { code, stdout } = await command(["doctor", ...flags]);
  const { checks } = JSON.parse(stdout) as Diagnosed;
  return { code, lines: checks.filter(({ check }) => check === "drift") };
}

beforeAll(async () => {
  custody = await startCustody(data);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

test("a session of a release that was read says nothing of drift", async () => {
  for (const request of capturedRequests("codex", known)) {
    expect(await send(custody.otlp, request)).toBe(200);
  }
  await stored(custody);
  expect(await custody.get("/v1/drift")).toEqual({ items: [], total: 0, cut: false });
  const { lines } = await doctor();
  expect(lines.map(({ verdict }) => verdict)).toEqual(["ok"]);
});

describe("a session told by a release that renamed an event", () => {
  const agent = { agent: "codex", version: "0.170.0" };
  const renamed = { ...agent, kind: "unknown_event", name: "codex.tool_report" };

  beforeAll(async () => {
    for (const request of capturedRequests("codex", changed).map(ofNextYear)) {
      expect(await send(custody.otlp, request)).toBe(200);
    }
    await stored(custody);
  });

  test("keeps every renamed event whole", async () => {
    const kept = await everyItem<ToldRecord>(custody, "/v1/records?class=opaque");
    expect(kept.map(({ record }) => record.body["name"])).toEqual(
      Array.from({ length: 3 }, () => renamed.name),
    );
    for (const { content } of kept) expect(content?.["payload"]).toContain("arguments");
  });

  test("is counted in the metrics under its agent, release and name", async () => {
    const text = await (await fetch(`${custody.otlp}/metrics`)).text();
    expect(text).toContain(
      'custody_drift_total{agent="codex",version="0.170.0",kind="unknown_event",name="codex.tool_report"} 3',
    );
  });

  test("is counted in the API, the worst first, and beside its agent", async () => {
    const { items, total, cut } = (await custody.get("/v1/drift")) as DriftAnswer;
    expect(items[0]).toMatchObject({ ...renamed, count: 3 });
    expect(items.map(({ kind }) => kind)).toEqual(["unknown_event", "version_unseen"]);
    expect(total).toBe(items.reduce((sum, { count }) => sum + count, 0));
    expect(cut).toBe(false);
    const agents = (await custody.get("/v1/agents")) as AgentsAnswer;
    const drift = new Map(agents.items.map((one) => [one.version, one.drift]));
    expect(drift.get("0.170.0")).toEqual(items);
  });

  test("makes doctor name the release, the event and what to do, and end with 1", async () => {
    const { code, lines } = await doctor();
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.verdict).toBe("fault");
    expect(lines[0]?.said).toMatch(
      /^codex 0\.170\.0: 3 item\(s\) .*\(codex\.tool_report\).*upgrade Custody/,
    );
  });

  test("leaves what was not renamed as it was: the session, its prompt, approvals and tokens", async () => {
    const truth = expectedTruths("codex")[changed];
    const sessions = await everyItem<SessionView>(custody, "/v1/sessions");
    const session = sessions.find(({ id }) => id === truth?.session);
    expect(session?.counts).toMatchObject({
      turns: truth?.turns,
      inferences: truth?.inferences,
      tool_calls: truth?.tool_calls.length,
      approvals: truth?.approvals.length,
    });
    expect(session?.tokens).toEqual(truth?.tokens);
  });

  test("is still told after a restart, which forgets the metrics", async () => {
    const before = await custody.get("/v1/drift");
    expect(await custody.stop()).toBe(0);
    custody = await startCustody(data);
    expect(await custody.get("/v1/drift")).toEqual(before);
  });
});
