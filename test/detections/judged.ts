/**
 * What the rules find in the captures, under the shipped policies, each judged by hand from `meta.json`: what was run, under which settings, and
 * what the command really was. `false` is a finding that whoever knows the truth would close as false.
 */
export interface Judged {
  /** Rule and case. */
  readonly finding: string;
  readonly verdict: "true" | "false";
  readonly why: string;
  /** How often in which capture. */
  readonly captures: Readonly<Record<string, number>>;
}

function once(agent: string, scenarios: string): Readonly<Record<string, number>> {
  return Object.fromEntries(scenarios.split(" ").map((scenario) => [`${agent}/${scenario}`, 1]));
}

export const judged: readonly Judged[] = [
  {
    finding: "D-APR-01 unasked",
    verdict: "true",
    why: "Codex ran with the approval policy `never`, from its settings or because `codex exec` has no one to ask.",
    captures: {
      ...once(
        "codex",
        "api-failure appserver-interrupt chatgpt-login collector-503-long-run danger-full-access execpolicy-rules hooks-block interrupted-sigint killed-mid-turn logs-only mcp-tools network-proxy on-request-escalation-exec plain-answer rate-limit-429 read-only-denied resume-second-turn sandbox-denied stream-drop tool-edit tool-edit-grpc tool-edit-json-redacted",
      ),
      ...once(
        "codex-0.96",
        "denied mcp-tools timeout tool-edit tool-edit-json-logs-only unified-exec",
      ),
      "codex/subagents": 2,
    },
  },
  {
    finding: "D-APR-01 unasked",
    verdict: "false",
    why: "The session is that of Codex's own reviewer, which reads and answers; the user's session asks.",
    captures: once("codex", "approve-for-me-guardian guardian-full-content"),
  },
  {
    finding: "D-APR-01 unconfined",
    verdict: "true",
    why: "Started with the flag that skips every question.",
    captures: {
      ...once("claude-code", "bypass-permissions"),
      ...once("codex", "danger-full-access"),
      ...once(
        "gemini-cli",
        "api-failure-late default-parallel hook-denied mcp-tools parallel-same-tool parallel-tools subagent tool-edit tool-edit-grpc-redacted",
      ),
      ...once(
        "qwen-code",
        "hook-denied mcp-tools named-user parallel-tools subagent tool-edit tool-edit-grpc-redacted tool-edit-sensitive-spans",
      ),
    },
  },
  {
    finding: "D-SBX-01 none",
    verdict: "true",
    why: "The agent says that nothing confined its commands, and nothing did.",
    captures: {
      ...once("codex", "danger-full-access"),
      ...once(
        "copilot-cli",
        "allow-tool-rule background-command deny-tool-rule hook-block parallel-tools plan-mode resume subagent tool-edit tool-edit-content user-approvals",
      ),
      ...once(
        "qwen-code",
        "api-failure headless-denied hook-denied mcp-tools named-user parallel-tools plain-answer plan-mode rate-limit-429 subagent tool-edit tool-edit-grpc-redacted tool-edit-sensitive-spans",
      ),
    },
  },
  {
    finding: "D-APR-03 kind",
    verdict: "true",
    why: "A command that wrote outside the workspace or reached for a host ran on the yes of a setting or of a model.",
    captures: {
      "claude-code/bypass-permissions": 2,
      "claude-code/sandboxed-bash": 2,
      "codex/approve-for-me-guardian": 1,
      "codex/appserver-sandbox-retry": 1,
      "codex/danger-full-access": 3,
      "codex/guardian-full-content": 1,
      "codex/network-proxy": 1,
      "codex/sandbox-denied": 3,
      "codex-0.96/denied": 1,
    },
  },
  {
    finding: "D-APR-03 kind",
    verdict: "false",
    why: "The arguments were withheld, which makes the call T2; what ran only read or wrote in the workspace. In one case a person had said yes, and the agent's words do not prove it.",
    captures: {
      "claude-code/flag-assistant-responses-only": 5,
      "claude-code/flag-tool-content-only": 5,
      "claude-code/flag-user-prompts-only": 5,
      "claude-code/tool-edit-json-redacted": 5,
      "copilot-cli/allow-tool-rule": 2,
      "copilot-cli/background-command": 2,
      "copilot-cli/deny-tool-rule": 1,
      "copilot-cli/hook-block": 1,
      "copilot-cli/mcp-tools": 1,
      "copilot-cli/parallel-tools": 1,
      "copilot-cli/plan-mode": 1,
      "copilot-cli/resume": 2,
      "copilot-cli/tool-edit": 2,
      "copilot-cli/user-approvals": 1,
      "gemini-cli/tool-edit-grpc-redacted": 2,
      "opencode/otel-off": 2,
    },
  },
  {
    finding: "D-APR-02 unsaid",
    verdict: "false",
    why: "The arguments were withheld, which makes the call T2, and the library never tells an approval; what ran was harmless.",
    captures: {
      "claude-platform/tool-runner": 1,
      "genai-aisdk/redacted": 2,
      "langchain/hidden": 1,
      "mcp/client-and-server": 2,
      "traceloop/redacted": 1,
      "vercel-ai-sdk/v4-redacted": 2,
      "vercel-ai-sdk/v7-redacted": 2,
    },
  },
];
