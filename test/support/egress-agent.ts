import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeModelServer, type ModelStep, runScriptedAgent } from "@custody/testkit";

// A real agent process behind a forward proxy. Each of its calls runs a real program that sends through the proxy; one leaves a process behind.

/** Calls of the script by what they are for. */
export const calls = {
  early: "call_early",
  alpha: "call_alpha",
  beta: "call_beta",
  shared: "call_shared",
  pause: "call_pause",
} as const;

/** The programs of the workspace. `linger` outlives the call that started it, and waits for files instead of guessing times. */
const programs: Readonly<Record<string, string>> = {
  "send.mjs": `import { request } from "node:http";
const proxy = new URL(process.env.HTTP_PROXY);
const user = Buffer.from(decodeURIComponent(proxy.username) + ":" + proxy.password).toString("base64");
export const send = (url) => new Promise((done, failed) => {
  const headers = { host: new URL(url).host, "proxy-authorization": "Basic " + user };
  request({ host: proxy.hostname, port: proxy.port, path: url, headers, agent: false }, (answer) => {
    answer.resume().on("end", () => done(answer.statusCode));
  }).on("error", failed).end();
});
for (const url of process.argv.slice(2)) await send(url);
`,
  "build.mjs": `import { spawn } from "node:child_process";
import "./send.mjs";
spawn(process.execPath, ["linger.mjs"], { detached: true, stdio: "ignore" }).unref();
`,
  "linger.mjs": `import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { send } from "./send.mjs";
const until = async (file) => { for (let tries = 0; !existsSync(file) && tries < 600; tries++) await wait(50); };
const host = readFileSync("host.txt", "utf8");
await until("pause.began");
await send(host + "/while-another-call-is-open");
writeFileSync("sent.once", "");
await until("pause.ended");
await wait(2_800);
await send(host + "/when-no-call-is-open");
writeFileSync("sent.twice", "");
`,
  "pause.mjs": `import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
writeFileSync("pause.began", "");
for (let tries = 0; !existsSync("sent.once") && tries < 600; tries++) await wait(50);
writeFileSync("pause.ended", "");
`,
};

/** One call, then three at once of which two name one host, then one that sends nothing. */
function script(port: number): readonly ModelStep[] {
  const at = (host: string): string => `http://${host}.example:${port}/`;
  const run = (id: string, command: string) => ({
    id,
    tool: "run_command",
    arguments: { command },
  });
  return [
    { calls: [run(calls.early, `node send.mjs ${at("early")}`)] },
    {
      calls: [
        run(calls.alpha, `node build.mjs ${at("alpha")}`),
        run(calls.beta, `node send.mjs ${at("beta")} ${at("shared")}`),
        run(calls.shared, `node send.mjs ${at("shared")}`),
      ],
    },
    { calls: [run(calls.pause, "node pause.mjs")] },
    { say: "Done." },
  ];
}

export interface EgressRun {
  readonly session: string;
  /** With the session's credentials. */
  readonly proxyUrl: string;
  /** Where every host of the script listens. */
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Whether everything that is sent has been seen by the proxy. */
  readonly isOver: () => Promise<true>;
}

/** Runs the agent to its end, and waits for what it left behind. */
export async function runEgressAgent(run: EgressRun): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), "custody-egress-"));
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(workspace, name), text);
  writeFileSync(join(workspace, "host.txt"), `http://early.example:${run.port}`);
  const model = await createFakeModelServer({ steps: script(run.port) });
  try {
    const end = await runScriptedAgent({
      modelUrl: model.url,
      workspace,
      proxyUrl: run.proxyUrl,
      consoleUrl: "",
      session: run.session,
      env: run.env,
    });
    if (end.exitCode !== 0) throw new Error(`${end.stdout}\n${end.stderr}`);
    await run.isOver();
  } finally {
    await model.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}
