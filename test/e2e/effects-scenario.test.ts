import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionView, ChangeView, SessionView } from "@custody/model";
import { createFakeModelServer, type ModelStep, runScriptedAgent } from "@custody/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  changeScript,
  createRepository,
  gitAndCurlAreInstalled,
  gitEnv,
  type Repository,
  reportChange,
} from "../support/git-repository.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled } from "./told.ts";

// From a session to its commit, its pull request and its action's effects: an agent that really writes and commits, a repository that really
// receives, and an observer that tells what it received.

const data = temporaryFolder("effects-data");
const folder = temporaryFolder("effects");
const session = "0190f5a1-7c3e-7d2a-9b51-2f6c8e4d1a01";
const forger = "0190f5a1-7c3e-7d2a-9b51-2f6c8e4d1a02";
let custody: CustodyProcess;
let work: Repository;
let server: Repository;

/** Writes a file, and commits it with another one that no argument names; the trailer says whose commit it is to be. */
function stepsOf(name: string, trailer: string): readonly ModelStep[] {
  const command = `touch ${name}.lock && git add . && git commit -m 'Add the ${name}' -m 'Agent-Session: ${trailer}'`;
  const content = `export const ${name} = [];\n`;
  return [
    {
      calls: [
        { tool: "write_file", id: `${name}-write`, arguments: { path: `${name}.js`, content } },
      ],
    },
    { calls: [{ tool: "run_command", id: `${name}-commit`, arguments: { command } }] },
    { say: "Done." },
  ];
}

async function runAgent(name: string, own: string, trailer: string, key: string): Promise<string> {
  const model = await createFakeModelServer({ steps: stepsOf(name, trailer) });
  const { exitCode, stderr } = await runScriptedAgent({
    modelUrl: model.url,
    workspace: work.folder,
    proxyUrl: "http://nobody:none@127.0.0.1:9",
    consoleUrl: "",
    session: own,
    env: {
      ...gitEnv,
      OTEL_EXPORTER_OTLP_ENDPOINT: custody.otlp,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${key}`,
    },
  });
  await model.close();
  expect([exitCode, stderr]).toEqual([0, ""]);
  return work.git("rev-parse", "HEAD");
}

async function changesOf(name: string): Promise<readonly ChangeView[]> {
  return ((await custody.get(`/v1/sessions/${name}`)) as SessionView).changes;
}

describe.skipIf(!gitAndCurlAreInstalled)("where git and curl are installed", () => {
  let first: string;
  let forged: string;
  let squashed: string;

  beforeAll(async () => {
    custody = await startCustody(data);
    const env = {
      CUSTODY_URL: custody.otlp,
      CUSTODY_OBSERVER_KEY: await custody.key("observer", "forge", "vcs"),
      CUSTODY_REPO: "acme/shop",
    };
    work = await createRepository(join(folder, "work"));
    server = await createRepository(join(folder, "server"));
    await server.git("config", "receive.denyCurrentBranch", "ignore");
    const hook = join(server.folder, ".git", "hooks", "post-receive");
    copyFileSync(changeScript, hook);
    chmodSync(hook, 0o755);

    const pushing = await createRepository(work.folder, { ...env, USER: "dora" });
    first = await runAgent("cart", session, session, await custody.key("agent", "laptop-1"));
    await pushing.git("push", "--quiet", server.folder, "HEAD:refs/heads/topic");
    // Another machine's agent writes the first session's name into a commit of its own.
    forged = await runAgent("backdoor", forger, session, await custody.key("agent", "laptop-2"));
    await pushing.git("push", "--quiet", server.folder, "HEAD:refs/heads/topic");
    // The forge squashes the reviewed head into another commit, under a message of its own, and CI tells the merge.
    squashed = await work.git("commit-tree", `${first}^{tree}`, "-m", "Add the cart (#42)");
    await reportChange(work.folder, [squashed, "main"], {
      ...env,
      CUSTODY_PR: "42",
      CUSTODY_PR_HEAD: first,
      CUSTODY_REVIEWERS: "bob",
      CUSTODY_CHECKS: "test=passed",
      CUSTODY_MERGED_BY: "bob",
      CUSTODY_MERGED_TS: new Date().toISOString(),
    });
    await settled(custody);
  });
  afterAll(async () => {
    expect(await custody.stop()).toBe(0);
    removeFolder(data);
    removeFolder(folder);
  });

  test("a session leads to its commit, the commit to its pull request, and each file to the call that says it wrote it", async () => {
    const view = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
    expect(view.counts.commits).toBe(1);
    expect(view.changes.find(({ commit }) => commit === first)).toMatchObject({
      repo: "acme/shop",
      standing: "linked",
      match: { method: "trailer", confidence: "high" },
      call: "cart-commit",
      grade: "observed",
      branch: "topic",
      pr: "42",
      reviewers: ["bob"],
      checks_passed: true,
      merged_by: "bob",
      files: 2,
      attributed: 1,
      unattributed: 1,
      changed: [
        { path: "cart.js", added: 1, removed: 0, calls: ["cart-write"] },
        { path: "cart.lock", added: 0, removed: 0, calls: [] },
      ],
    });
  });

  test("what the forge made of the reviewed commit is the session's too, and counted once", async () => {
    expect((await changesOf(session)).find(({ commit }) => commit === squashed)).toMatchObject({
      standing: "linked",
      match: { method: "pull_request", confidence: "high" },
      call: null,
      branch: "main",
      pr: "42",
      attributed: 1,
      unattributed: 1,
    });
  });

  test("the commit and its files are observed effects of the call that made it, and of no other", async () => {
    const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
    const committing = actions.find(({ call }) => call === "cart-commit");
    const match = { method: "trailer", confidence: "high" };
    const commit = `acme/shop@${first}`;
    expect(committing?.effects).toEqual([
      { kind: "commit", target: commit, grade: "observed", match },
      { kind: "file", target: "cart.js", grade: "observed", match, commit },
      { kind: "file", target: "cart.lock", grade: "observed", match, commit },
    ]);
    const elsewhere = actions.filter(({ call }) => call !== "cart-commit");
    expect(
      elsewhere.flatMap(({ effects }) => effects.filter(({ kind }) => kind === "commit")),
    ).toEqual([]);
  });

  test("a forged trailer is shown to the session it names as a claim, and the commit is that of the agent that tells of it", async () => {
    const claim = (await changesOf(session)).find(({ commit }) => commit === forged);
    expect(claim).toMatchObject({
      standing: "claimed",
      match: { method: "trailer", confidence: "low" },
      call: null,
      attributed: 0,
      unattributed: 2,
    });
    expect(await changesOf(forger)).toMatchObject([
      {
        commit: forged,
        standing: "linked",
        match: { method: "commit_in_output", confidence: "medium" },
        call: "backdoor-commit",
        attributed: 1,
        unattributed: 1,
      },
    ]);
    const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
    const told = JSON.stringify(actions.map(({ effects }) => effects));
    expect(told).not.toContain(forged);
  });

  test("whoever may not read content sees the counts of a commit and none of its paths", async () => {
    const key = await custody.key("reader", "rita");
    const answer = await fetch(`${custody.api}/v1/sessions/${session}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const view = (await answer.json()) as SessionView;
    expect(view.changes.find(({ commit }) => commit === first)).toMatchObject({
      files: 2,
      attributed: null,
      changed: null,
    });
    expect(JSON.stringify(view)).not.toContain("cart.lock");
  });

  test("a file that no call names leads to the session by the commit that has it", async () => {
    const found = (await custody.get("/v1/investigate?file=cart.lock")) as {
      readonly sessions: readonly { readonly id: string; readonly why: readonly object[] }[];
    };
    const candidate = found.sessions.find(({ id }) => id === session);
    expect(candidate?.why).toContainEqual(
      expect.objectContaining({
        class: "change",
        how: "path",
        grade: "observed",
        link: { method: "trailer", confidence: "high" },
      }),
    );
  });
});
