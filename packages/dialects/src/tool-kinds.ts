import type { ToolKind } from "@custody/model";

type Row = readonly [dialect: string, kind: ToolKind, tools: readonly string[]];

/** What kind of thing a tool touches, by the name its agent gives it. `*` holds names that many home-made agents use. */
const table: readonly Row[] = [
  [
    "codex",
    "exec",
    [
      "exec_command",
      "write_stdin",
      "shell",
      "shell_command",
      "local_shell",
      "unified_exec",
      "container.exec",
      "js_repl",
    ],
  ],
  ["codex", "fs", ["apply_patch", "view_image", "read_file", "list_dir", "grep_files"]],
  ["codex", "net", ["web_search", "web_fetch"]],
  [
    "codex",
    "agent",
    [
      "spawn_agent",
      "wait_agent",
      "send_input",
      "send_message",
      "close_agent",
      "resume_agent",
      "list_agents",
      "followup_task",
      "interrupt_agent",
    ],
  ],
  ["claude-code", "exec", ["Bash", "BashOutput", "KillShell", "KillBash", "PowerShell", "Monitor"]],
  [
    "claude-code",
    "fs",
    [
      "Read",
      "Edit",
      "Write",
      "MultiEdit",
      "NotebookEdit",
      "NotebookRead",
      "Glob",
      "Grep",
      "LS",
      "LSP",
    ],
  ],
  ["claude-code", "net", ["WebFetch", "WebSearch"]],
  ["claude-code", "agent", ["Agent", "Task", "TaskOutput", "TaskStop", "SendMessage"]],
  ["claude-code", "mcp", ["mcp_tool", "ListMcpResourcesTool", "ReadMcpResourceTool"]],
  [
    "*",
    "exec",
    [
      "bash",
      "shell",
      "sh",
      "exec",
      "execute",
      "run",
      "run_command",
      "run_shell",
      "run_shell_command",
      "run_terminal_cmd",
      "execute_command",
      "execute_code",
      "python",
      "run_python",
      "code_interpreter",
      "terminal",
    ],
  ],
  [
    "*",
    "fs",
    [
      "read",
      "write",
      "edit",
      "read_file",
      "write_file",
      "edit_file",
      "create_file",
      "delete_file",
      "move_file",
      "list_dir",
      "list_files",
      "list_directory",
      "apply_patch",
      "str_replace",
      "str_replace_based_edit_tool",
      "grep",
      "glob",
      "search_files",
    ],
  ],
  [
    "*",
    "net",
    [
      "fetch",
      "fetch_url",
      "http_get",
      "http_post",
      "http_request",
      "web_fetch",
      "web_search",
      "google_web_search",
      "curl",
      "download",
    ],
  ],
  ["*", "pkg", ["install_package", "npm_install", "pip_install"]],
  ["*", "vcs", ["git", "git_commit", "git_push", "git_diff", "git_status", "create_pull_request"]],
  [
    "*",
    "browser",
    ["browser", "browser_navigate", "browser_click", "browser_type", "computer", "computer_use"],
  ],
  ["*", "agent", ["spawn_agent", "delegate", "handoff", "task"]],
];

const kinds: ReadonlyMap<string, ToolKind> = new Map(
  table.flatMap(([dialect, kind, tools]) =>
    tools.map((tool) => [`${dialect}/${tool}`, kind] as const),
  ),
);

/** The kind of a tool; a tool that no row knows is `other`, never a guess from its letters. */
export function toolKind(dialect: string, tool: string): ToolKind {
  return kinds.get(`${dialect}/${tool}`) ?? "other";
}

/** The same for agents without names of their own. */
export function commonToolKind(tool: string): ToolKind {
  return kinds.get(`*/${tool.toLowerCase()}`) ?? "other";
}
