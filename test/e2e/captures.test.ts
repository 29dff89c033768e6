import type { ActionView, FidelityView, SessionView } from "@custody/model";
import type { AgentsAnswer } from "@custody/query-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CapturedAgent,
  capturedAgents,
  capturedScenarios as scenarios,
  writtenOf,
} from "../captures/captured-agents.ts";
import { expectedTruths, type Score, score, type Truth } from "../captures/truth.ts";
import { committedBlock } from "../support/generated-block.ts";
import {
  capturedRequests,
  chosenCommands,
  namesSession,
  packageVersion,
  send,
} from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  custody as runCustody,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { inParallel } from "./in-parallel.ts";
import { actionsOf, everyItem, settled, type Told, type ToldRecord, toldOf } from "./told.ts";
import { eachCaptureTable, truthTable } from "./truth-table.ts";

// Real captures of real agents, sent again as they were sent; read back through the API and held against what really happened.

interface Replayed {
  readonly agent: CapturedAgent;
  readonly scenario: string;
  readonly truth: Truth;
  readonly statuses: readonly number[];
  readonly sessions: readonly SessionView[];
  readonly told: Told;
  readonly score: Score;
}

const data = temporaryFolder("captures");
let custody: CustodyProcess;
let sessions: readonly SessionView[];
let listed: readonly ActionView[];
let replays: readonly Replayed[];

beforeAll(async () => {
  custody = await startCustody(data);
  const captures = capturedAgents.flatMap((agent) =>
    scenarios(agent).map((scenario) => ({ agent, scenario })),
  );
  const sent = await inParallel(4, captures, async ({ agent, scenario }) => {
    const statuses: number[] = [];
    // A body that was answered 503 when it was captured counts as delivered now.
    for (const request of capturedRequests(agent, scenario)) {
      statuses.push(await send(custody.otlp, request));
    }
    return { agent, scenario, statuses };
  });
  await settled(custody);
  sessions = await everyItem<SessionView>(custody, "/v1/sessions");
  listed = await everyItem<ActionView>(custody, "/v1/actions");
  replays = await inParallel(2, sent, async (one) => {
    const truth = expectedTruths(one.agent)[one.scenario];
    if (truth === undefined) throw new Error(`no truth of ${one.agent} ${one.scenario}`);
    const isNamed = namesSession(one.agent, one.scenario);
    const own = sessions.filter(({ id }) => isNamed(id));
    const told = await toldOf(custody, own, listed);
    return { ...one, truth, sessions: own, told, score: score(truth, told.truth) };
  });
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

function replay(agent: CapturedAgent, scenario: string): Replayed {
  const found = replays.find((one) => one.agent === agent && one.scenario === scenario);
  if (found === undefined) throw new Error(`${agent} ${scenario} was not replayed`);
  return found;
}

describe.each(capturedAgents)("captures of %s", (agent) => {
  test.each(scenarios(agent))(
    "%s: sessions and actions say what happened, and nothing else",
    (scenario) => {
      const { truth, statuses, sessions: own, score: result } = replay(agent, scenario);
      // A process that died before it exported anything left no body.
      const refused = statuses.filter((status) => status !== 200);
      expect(refused, "every body is acknowledged").toEqual([]);
      const { wrong, invented } = result;
      expect({ wrong, invented }).toEqual({ wrong: [], invented: [] });
      if (truth.session !== undefined) expect(own.map(({ id }) => id)).toContain(truth.session);
    },
  );

  test.each(scenarios(agent))("%s: agent and release are the ones that ran", (scenario) => {
    // The API says null of a release that nobody told.
    const isTold = writtenOf(agent).agent_version === undefined;
    const version = isTold ? packageVersion(agent, scenario) : null;
    for (const session of replay(agent, scenario).sessions) {
      // An application that uses a library is the agent, under a name of its own and without a release.
      const { agent_name: name } = writtenOf(agent);
      if (name !== undefined) expect(session.agent).toMatchObject({ name, version });
      else expect(session.agent.name).not.toBe("unknown");
      // It was sent without a key, so nobody vouches for who it was.
      expect(session.principal).toBeNull();
    }
  });

  test("a command that the agent told is the command the model chose", () => {
    for (const scenario of scenarios(agent)) {
      const actions = new Map(replay(agent, scenario).told.actions.map((one) => [one.call, one]));
      for (const { call, command } of chosenCommands(agent, scenario)) {
        const intent = actions.get(call)?.intent;
        if (intent?.state !== "reported") continue;
        expect(Object.values(JSON.parse(intent.arguments ?? "{}")), call).toContain(command);
      }
    }
  });

  test("a flow stands on the one call that made it", () => {
    for (const { truth, told } of replays.filter((one) => one.agent === agent)) {
      for (const { host, port, action, truth_call } of truth.egress ?? []) {
        if (action === "not exported") continue;
        const made = told.actions.filter(({ egress }) =>
          egress.some((flow) => flow.host === host && flow.port === port),
        );
        expect(made.map(({ call }) => call)).toEqual([truth_call]);
      }
    }
  });

  test("an action names exactly the records of its call, and each is in the timeline", () => {
    for (const { told, scenario } of replays.filter((one) => one.agent === agent)) {
      const named = told.actions.flatMap(({ record_ids }) => record_ids);
      const called = told.timeline.filter(({ record }) => record.call !== undefined);
      // What came back of a call that nobody tells is no action of its own.
      const acts = new Set(called.filter(isAct).map(({ record }) => placeOf(record)));
      const ofCalls = called.filter(({ record }) => acts.has(placeOf(record)));
      const linked = new Set(named.filter((id) => !ofCalls.some((one) => one.id === id)));
      const flows = told.timeline.filter(({ id }) => linked.has(id));
      expect(new Set(flows.map((one) => one.class)), scenario).not.toContain("tool_call");
      expect(flows.length, scenario).toBe(linked.size);
      expect(new Set(named), scenario).toEqual(
        new Set([...linked, ...ofCalls.map(({ id }) => id)]),
      );
    }
  });

  test("the tree of a trace holds each of its records once, under parents that are in it", async () => {
    for (const { told, scenario } of replays.filter((one) => one.agent === agent)) {
      const traced = told.timeline.filter(({ record }) => record.trace !== undefined);
      for (const trace of new Set(traced.map(({ record }) => record.trace))) {
        const tree = (await custody.get(`/v1/traces/${trace}`)) as TraceTree;
        const ids = new Set(tree.nodes.map(({ id }) => id));
        const holes = tree.nodes.filter(({ parent }) => parent !== null && !ids.has(parent));
        expect(holes, `${scenario} ${trace}`).toEqual([]);
        const held = tree.nodes.flatMap(({ record_ids }) => record_ids);
        expect(new Set(held).size, `${scenario} ${trace}`).toBe(held.length);
        const own = traced.filter(({ record }) => record.trace === trace).map(({ id }) => id);
        expect(held, `${scenario} ${trace}`).toEqual(expect.arrayContaining(own));
      }
    }
  });
});

const isAct = ({ class: name }: ToldRecord): boolean =>
  name === "decision" || name === "tool_call" || name === "approval";

const placeOf = ({ session, call }: ToldRecord["record"]): string =>
  JSON.stringify([session, call]);

interface TraceTree {
  readonly nodes: readonly {
    readonly id: string;
    readonly parent: string | null;
    readonly record_ids: readonly string[];
  }[];
}

test("no session is invented: the id of each stands in a captured body", () => {
  const known = new Set(replays.flatMap((one) => one.sessions.map(({ id }) => id)));
  expect(sessions.filter(({ id }) => !known.has(id))).toEqual([]);
});

test("nothing an agent sent without an observer's key is observed", () => {
  const grades = new Set(
    replays.flatMap(({ told }) =>
      told.timeline
        .filter(({ record }) => record.src.auth.kind !== "internal")
        .map(({ record }) => record.grade),
    ),
  );
  expect([...grades].sort()).toEqual(["inferred", "reported"]);
});

test("no item that an agent sent is left to opaque", async () => {
  const opaque = await everyItem<ToldRecord>(custody, "/v1/records?class=opaque");
  const foreign = new Set(capturedAgents.flatMap((agent) => writtenOf(agent).foreign ?? []));
  const names = opaque.map(({ record }) => String((record.body as { name?: unknown }).name));
  expect(names.filter((name) => !foreign.has(name))).toEqual([]);
});

test("a dossier says what the list says of the same action", async () => {
  const listed = replays
    .filter(({ scenario }) =>
      /^(network-proxy|tool-edit|user-approvals|subagents?)$/.test(scenario),
    )
    .flatMap(({ told }) => told.actions);
  expect(listed.length).toBeGreaterThan(15);
  for (const action of listed) {
    expect((await custody.get(`/v1/actions/${action.id}`)) as ActionView).toEqual(action);
  }
});

test("the list has no action of a session that is not there, and asked for one session it says the same of it", async () => {
  const known = new Set(sessions.map(({ id }) => id));
  expect(listed.filter(({ session }) => !known.has(session))).toEqual([]);
  for (const agent of capturedAgents) {
    const [most] = replays
      .filter((one) => one.agent === agent)
      .flatMap((one) => one.sessions)
      .sort((left, right) => right.counts.decisions - left.counts.decisions);
    const own = listed.filter(({ session }) => session === most?.id);
    expect(await actionsOf(custody, most?.id ?? ""), agent).toEqual(own);
  }
});

test("a session alone is the same as in the list", async () => {
  for (const session of sessions.slice(0, 12)) {
    expect(await custody.get(`/v1/sessions/${session.id}`)).toEqual(session);
  }
});

describe("why a fact is known or is not", () => {
  test("is said of every session, in the words that the session itself has for it", async () => {
    await inParallel(4, sessions, async (session) => {
      const why = (await custody.get(`/v1/sessions/${session.id}/fidelity`)) as FidelityView;
      expect(why).toMatchObject({ session: session.id, agent: session.agent });
      const said = Object.fromEntries(why.facts.map(({ fact, state }) => [fact, state]));
      expect(said, session.id).toMatchObject(session.fidelity);
    });
  });

  test("is said of every agent and release, over as many sessions as it has", async () => {
    const { items, looked_at: looked } = (await custody.get(
      "/v1/agents?sessions=500",
    )) as AgentsAnswer;
    expect(looked).toEqual({ sessions: sessions.length, sessions_max: 500, all: true });
    const talked = sessions.filter(({ conversation }) => conversation);
    expect(items.reduce((sum, agent) => sum + agent.sessions, 0)).toBe(talked.length);
    for (const agent of items) {
      for (const { fact, sessions: states } of agent.facts) {
        const counted = Object.values(states).reduce((sum, count) => sum + count, 0);
        expect(counted, `${agent.name} ${fact}`).toBe(agent.sessions);
      }
    }
    const codex = items.find(({ name, version }) => name === "codex" && version === "0.169.0");
    expect(codex?.dialects).toEqual(["codex"]);
    const states = (name: string) => codex?.facts.find(({ fact }) => fact === name)?.sessions;
    // One capture was made with the prompt held back, one with the network proxy, and one under a login.
    expect(states("prompt")).toMatchObject({ withheld: 1, missing: 0 });
    expect(states("egress")).toMatchObject({ reported: 1 });
    expect(states("identity")).toMatchObject({ reported: 1, missing: 0 });
  });

  test("says how few sessions it looked at", async () => {
    const few = (await custody.get("/v1/agents?sessions=3")) as AgentsAnswer;
    expect(few.looked_at).toMatchObject({ sessions_max: 3, all: false });
    expect(few.looked_at.sessions).toBeLessThanOrEqual(3);
    expect(few.items.reduce((sum, agent) => sum + agent.sessions, 0)).toBeLessThanOrEqual(3);
  });

  test("is shown on the command line, with what would make it known", async () => {
    const env = { CUSTODY_API: custody.api, CUSTODY_KEY: custody.adminKey };
    const { sessions: own } = replay("codex", "tool-edit-json-redacted");
    const explained = await runCustody(["explain", "session", own[0]?.id ?? ""], env);
    expect(explained.code).toBe(0);
    expect(explained.stdout).toMatch(/^prompt +withheld +0\/1/m);
    expect(explained.stdout).toContain("log_user_prompt = true");
    const agents = await runCustody(["query", "agents", "--json", "--limit", "2"], env);
    expect((JSON.parse(agents.stdout) as AgentsAnswer).looked_at.sessions_max).toBe(2);
    const doctor = await runCustody(["doctor", "--data", data], env);
    expect(doctor.stdout).toMatch(
      /^note +agent .*egress unknown in \d+ of \d+ session\(s\), to have it: /m,
    );
  });
});

const stale = "it was stale and is rewritten: commit it";

test("the committed tables of truth are those of this run", () => {
  const ofAgents = truthTable(replays);
  const ofEach = eachCaptureTable(replays);
  expect(committedBlock("truth", ofAgents), stale).toBe(ofAgents);
  expect(committedBlock("captures", ofEach, "test/captures/README.md"), stale).toBe(ofEach);
});
