import type { AgentKind, Call, Seat, Verb } from "./world.ts";

type Spoken = Pick<Call, "verb" | "target" | "text" | "server" | "id">;
type Named = Pick<Call, "verb" | "target" | "server">;

/** The name each agent has for a tool. Codex reads files by its shell. */
const tools: Readonly<Record<AgentKind, Readonly<Record<Exclude<Verb, "mcp">, string>>>> = {
  codex: {
    shell: "exec_command",
    read: "exec_command",
    write: "apply_patch",
    edit: "apply_patch",
    fetch: "exec_command",
    spawn: "spawn_agent",
  },
  "claude-code": {
    shell: "Bash",
    read: "Read",
    write: "Write",
    edit: "Edit",
    fetch: "WebFetch",
    spawn: "Agent",
  },
  "gemini-cli": {
    shell: "run_shell_command",
    read: "read_file",
    write: "write_file",
    edit: "replace",
    fetch: "web_fetch",
    spawn: "codebase_investigator",
  },
  own: {
    shell: "run_command",
    read: "read_file",
    write: "write_file",
    edit: "apply_patch",
    fetch: "fetch_url",
    spawn: "delegate",
  },
  genai: {
    shell: "bash",
    read: "readFile",
    write: "writeFile",
    edit: "writeFile",
    fetch: "fetch",
    spawn: "handoff",
  },
};

export function wireTool({ kind }: Pick<Seat, "kind">, call: Named): string {
  if (call.verb !== "mcp") return tools[kind][call.verb];
  return kind === "gemini-cli" ? `mcp_${call.server ?? ""}_${call.target}` : call.target;
}

type Words = (call: Pick<Call, "target" | "text">, folder: string) => object | string;

const patch: Words = ({ target, text }) =>
  `*** Begin Patch\n*** Update File: ${target}\n@@\n-old\n+${text}\n*** End Patch\n`;
const added: Words = ({ target, text }) =>
  `*** Begin Patch\n*** Add File: ${target}\n+${text}\n*** End Patch\n`;
const absolute = (path: string, folder: string): string =>
  path.startsWith("/") || path.startsWith("~") ? path : `${folder}/${path}`;

const spoken: Readonly<Record<AgentKind, Readonly<Record<Exclude<Verb, "mcp">, Words>>>> = {
  codex: {
    shell: ({ target }, workdir) => ({ cmd: target, workdir }),
    read: ({ target }, workdir) => ({ cmd: `sed -n '1,200p' ${target}`, workdir }),
    write: added,
    edit: patch,
    fetch: ({ target }, workdir) => ({ cmd: `curl -sSL ${target}`, workdir }),
    spawn: ({ target }) => ({ message: target, task_name: "helper", agent_type: "default" }),
  },
  "claude-code": {
    shell: ({ target }) => ({ command: target, description: "Run it" }),
    read: ({ target }, folder) => ({ file_path: absolute(target, folder) }),
    write: ({ target, text }, folder) => ({ file_path: absolute(target, folder), content: text }),
    edit: ({ target, text }, folder) => ({
      file_path: absolute(target, folder),
      old_string: "old",
      new_string: text,
    }),
    fetch: ({ target }) => ({ url: target, prompt: "What does it say?" }),
    spawn: ({ target }) => ({ prompt: target, subagent_type: "general-purpose" }),
  },
  "gemini-cli": {
    shell: ({ target }) => ({ command: target, description: "Run it" }),
    read: ({ target }) => ({ file_path: target }),
    write: ({ target, text }) => ({ file_path: target, content: text }),
    edit: ({ target, text }) => ({ file_path: target, old_string: "old", new_string: text }),
    fetch: ({ target }) => ({ prompt: `Summarise ${target}` }),
    spawn: ({ target }) => ({ objective: target }),
  },
  own: {
    shell: ({ target }) => ({ cmd: target, timeout_ms: 30_000 }),
    read: ({ target }) => ({ path: target }),
    write: ({ target, text }) => ({ path: target, content: text }),
    edit: ({ target, text }) => ({ path: target, content: text }),
    fetch: ({ target }) => ({ url: target }),
    spawn: ({ target }) => ({ task: target }),
  },
  genai: {
    shell: ({ target }) => ({ command: target }),
    read: ({ target }) => ({ path: target }),
    write: ({ target, text }) => ({ path: target, content: text }),
    edit: ({ target, text }) => ({ path: target, content: text }),
    fetch: ({ target }) => ({ url: target }),
    spawn: ({ target }) => ({ task: target }),
  },
};

/** The arguments of a call as its agent writes them: JSON, or a patch. */
export function wireArguments(
  seat: Pick<Seat, "kind" | "folder">,
  call: Spoken | Omit<Spoken, "id">,
): string {
  if (call.verb === "mcp") return seat.kind === "gemini-cli" ? compact(call.text) : call.text;
  const said = spoken[seat.kind][call.verb](call, seat.folder);
  return typeof said === "string" ? said : JSON.stringify(said);
}

const compact = (json: string): string => JSON.stringify(JSON.parse(json));
