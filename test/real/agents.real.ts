import type { SessionView } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { score } from "../captures/truth.ts";
import {
  type CustodyProcess,
  custody as command,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "../e2e/custody-process.ts";
import { everyItem, settled, type Told, type ToldRecord, toldOf } from "../e2e/told.ts";
import { type AgentRun, runRealAgent } from "./agent-run.ts";
import { type RealAgent, realAgents, type Transport } from "./agents.ts";
import { installed } from "./installed.ts";
import { truthOfRun } from "./truth-of-run.ts";

// Real agents from their packages, a model that plays a script, a real `custody up`: what the API says, against what the model answered.

const chosen = process.env["REAL_AGENTS"]?.split(",");

for (const agent of realAgents.filter(({ name }) => chosen?.includes(name) ?? true)) {
  const found = installed(agent);
  const title = `${agent.package}@${agent.version}`;
  if (found.outcome === "absent") {
    test.skip(`${title} is NOT shown: ${found.reason}`, () => undefined);
  } else {
    describe.each(agent.transports)(`${title} over %s`, (transport) => {
      shows(agent, found.program, transport);
    });
  }
}

function shows(agent: RealAgent, program: string, transport: Transport): void {
  const data = temporaryFolder("real");
  let custody: CustodyProcess;
  let run: AgentRun;
  let session: SessionView;
  let told: Told;

  beforeAll(async () => {
    custody = await startCustody(data);
    const key = await custody.key("agent", `laptop-${agent.name}`);
    const { otlp, grpc } = custody;
    const asked = [
      "connect",
      agent.name,
      "--endpoint",
      otlp,
      "--grpc-endpoint",
      grpc,
      "--key",
      key,
    ];
    const { stdout: connect } = await command(asked);
    const settings = connect.replace(/^# .*\n/, "");
    run = await runRealAgent(agent, program, { otlp, grpc, key, connect: settings }, transport);
    await settled(custody);
    const sessions = await everyItem<SessionView>(custody, "/v1/sessions");
    session = sessions.find(({ conversation }) => conversation) as SessionView;
    told = await toldOf(custody, sessions);
  });

  afterAll(async () => {
    expect(await custody.stop()).toBe(0);
    removeFolder(data);
  });

  test("the agent played the whole script and ended in peace", () => {
    expect(run.code, run.said).toBe(0);
    const main = run.model.exchanges.filter((exchange) => exchange.main);
    expect(main.map(({ say }) => say).at(-1)).toMatch(/NOTES/);
  });

  test("sessions, calls, approvals and tokens are the model's own account, and nothing is invented", () => {
    const { wrong, invented } = score(truthOfRun(agent, run), told.truth);
    expect({ wrong, invented }).toEqual({ wrong: [], invented: [] });
    const version = agent.tells.release ? agent.version : null;
    expect(session.agent).toMatchObject({ name: agent.name, version });
  });

  test("arguments and results are what the model chose and was told, where they are sent", () => {
    for (const call of run.model.exchanges.flatMap(({ calls }) => calls)) {
      const action = told.actions.find((one) => one.call === agent.callName(call));
      expect(action?.intent.state, call.id).toBe("reported");
      const sent = action?.intent.arguments ?? "";
      // Less than was chosen may be sent, and nothing else.
      if (call.input === undefined) expect(call.arguments).toMatchObject(JSON.parse(sent));
      else expect(sent).toBe(call.input);
      const back = run.model.toldBack.get(call.id);
      const result = back === undefined ? undefined : agent.result(call, back);
      const state = result === undefined ? /^(withheld|missing|undefined)$/ : /^reported$/;
      expect(String(action?.observation?.state), call.id).toMatch(state);
      expect(action?.observation?.excerpt ?? "", call.id).toContain(result ?? "");
    }
  });

  test("every record stands under the key it was sent with, and none is left opaque", async () => {
    const records = await everyItem<ToldRecord>(custody, "/v1/records");
    const sent = records.filter(({ record }) => record.src.auth.kind !== "internal");
    const subjects = new Set(sent.map(({ record }) => record.src.auth.subject));
    expect([...subjects]).toEqual([`laptop-${agent.name}`]);
    expect(sent.filter((one) => one.class === "opaque").map(({ record }) => record)).toEqual([]);
  });
}
