/**
 * What the rules find in the captures, under the shipped policies, each judged by hand from `meta.json`: what was run, under which settings, and
 * what the command really was. `benign` says what is so, and nothing has to be done; whoever knows the truth would close `false` as false.
 */
export interface Judged {
  /** Rule and case. */
  readonly finding: string;
  readonly verdict: "true" | "benign" | "false";
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
    finding: "D-FS-01 found",
    verdict: "true",
    why: "A command wrote a file outside the workspace on the yes of a setting or of a model.",
    captures: {
      ...once("claude-code", "bypass-permissions"),
      ...once("codex", "approve-for-me-guardian danger-full-access guardian-full-content"),
    },
  },
  {
    finding: "D-FS-01 failed",
    verdict: "benign",
    why: "It says that a command that would write outside the workspace ran on a setting's yes and failed, and so it did: the sandbox refused the write.",
    captures: {
      ...once("claude-code", "sandboxed-bash"),
      ...once("codex", "appserver-sandbox-retry sandbox-denied"),
      ...once("codex-0.96", "denied"),
    },
  },
  {
    finding: "D-APR-03 unread",
    verdict: "benign",
    why: "It says that the arguments were withheld and that no person's yes stands for what ran, and so it is. What ran only read or wrote in the workspace.",
    captures: {
      ...once(
        "claude-code",
        "flag-assistant-responses-only flag-tool-content-only flag-user-prompts-only tool-edit-json-redacted",
      ),
      ...once(
        "copilot-cli",
        "allow-tool-rule background-command deny-tool-rule hook-block mcp-tools parallel-tools plan-mode resume tool-edit",
      ),
      ...once("gemini-cli", "tool-edit-grpc-redacted"),
      ...once("opencode", "otel-off"),
    },
  },
  {
    finding: "D-APR-03 unread",
    verdict: "false",
    why: "A person had said yes, and the words of the agent do not prove it.",
    captures: once("copilot-cli", "user-approvals"),
  },
  {
    finding: "D-APR-02 unread",
    verdict: "benign",
    why: "It says that the arguments were withheld and that no decision is known, and so it is: the library tells none. What ran was harmless.",
    captures: {
      ...once("claude-platform", "tool-runner"),
      ...once("genai-aisdk", "redacted"),
      ...once("langchain", "hidden"),
      ...once("mcp", "client-and-server"),
      ...once("traceloop", "redacted"),
      ...once("vercel-ai-sdk", "v4-redacted v7-redacted"),
    },
  },
];
