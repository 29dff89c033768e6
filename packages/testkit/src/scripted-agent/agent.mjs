// A small coding agent: a loop around chat completions with four tools.
// Usage: node agent.mjs <workspace> "<task>"
import "@custody/instrumentation/register";
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { resolve, sep } from "node:path";
import OpenAI from "openai";

const workspace = resolve(process.argv[2] ?? ".");
const task = process.argv[3] ?? "Look around and report.";
const model = process.env.AGENT_MODEL ?? "gpt-5.5";
const maxRounds = 20;

// Commands a person has to agree to before they run.
const riskyCommands = [/\bgit\s+push\b/, /\brm\s+-[a-z]*r/, /\bsudo\b/, /\bnpm\s+publish\b/];

const tools = {
  read_file: {
    description: "Read a text file of the workspace.",
    parameters: { path: { type: "string" } },
    run: ({ path }) => readFile(inWorkspace(path), "utf8"),
  },
  write_file: {
    description: "Write a text file of the workspace.",
    parameters: { path: { type: "string" }, content: { type: "string" } },
    run: async ({ path, content }) => {
      await writeFile(inWorkspace(path), content);
      return `wrote ${content.length} characters to ${path}`;
    },
  },
  run_command: {
    description: "Run a shell command in the workspace.",
    parameters: { command: { type: "string" } },
    run: async ({ command }, call) => {
      if (riskyCommands.some((risky) => risky.test(command)) && !(await askPerson(call, command))) {
        return "denied by the user";
      }
      return JSON.stringify(await shell(command));
    },
  },
  fetch_url: {
    description: "Fetch a URL with GET.",
    parameters: { url: { type: "string" } },
    run: async ({ url }) => JSON.stringify(await fetchUrl(url)),
  },
};

function inWorkspace(path) {
  const full = resolve(workspace, path);
  if (full !== workspace && !full.startsWith(workspace + sep))
    throw new Error("outside of the workspace");
  return full;
}

function shell(command) {
  return new Promise((done) => {
    const child = spawn(command, {
      cwd: workspace,
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text) => (output.stdout += text));
    child.stderr.on("data", (text) => (output.stderr += text));
    child.on("close", (code) => done({ exit_code: code, ...output }));
  });
}

// Everything leaves through the company's proxy.
function fetchUrl(url) {
  const proxy = new URL(process.env.HTTP_PROXY);
  const user = Buffer.from(`${decodeURIComponent(proxy.username)}:${proxy.password}`).toString(
    "base64",
  );
  const headers = { host: new URL(url).host, "proxy-authorization": `Basic ${user}` };
  return new Promise((done, failed) => {
    request({ host: proxy.hostname, port: proxy.port, path: url, headers }, (response) => {
      let body = "";
      response.on("data", (text) => (body += text));
      response.on("end", () => done({ status: response.statusCode, body }));
    })
      .on("error", failed)
      .end();
  });
}

async function askPerson(call, command) {
  const consoleUrl = process.env.APPROVAL_CONSOLE_URL;
  if (!consoleUrl) return false;
  const body = JSON.stringify({ call: call.id, tool: call.function.name, command });
  const answer = await fetch(consoleUrl, { method: "POST", body });
  return (await answer.json()).verdict === "allow";
}

async function runTool(call) {
  const tool = tools[call.function.name];
  if (!tool) return `there is no tool ${call.function.name}`;
  try {
    return await tool.run(JSON.parse(call.function.arguments), call);
  } catch (error) {
    return `error: ${error.message}`;
  }
}

const client = new OpenAI();
const messages = [
  { role: "system", content: "You are a careful coding agent. Work in small steps." },
  { role: "user", content: task },
];
const definitions = Object.entries(tools).map(([name, { description, parameters }]) => ({
  type: "function",
  function: {
    name,
    description,
    parameters: { type: "object", properties: parameters, required: Object.keys(parameters) },
  },
}));

for (let round = 1; round <= maxRounds; round += 1) {
  const completion = await client.chat.completions.create({ model, messages, tools: definitions });
  const { message } = completion.choices[0];
  messages.push(message);
  if (!message.tool_calls?.length) {
    console.log(message.content);
    break;
  }
  // The calls of one answer run at once, as the model asked for them.
  const results = await Promise.all(
    message.tool_calls.map(async (call) => {
      console.log(`> ${call.function.name} ${call.function.arguments}`);
      return { role: "tool", tool_call_id: call.id, content: await runTool(call) };
    }),
  );
  messages.push(...results);
}
