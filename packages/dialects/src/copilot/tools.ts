import type { AttributeView, CallStatus, SpanView, ToolKind } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { commonToolKind, toolKind } from "../tool-kinds.ts";
import { names } from "./fields.ts";

/** An MCP tool is told by its server; VS Code calls the type of its tools `extension` as well. */
export function kindOf(attributes: AttributeView, tool: string): ToolKind {
  const isMcp =
    firstFilled(attributes, names.mcpServer) !== undefined ||
    firstFilled(attributes, names.mcpTransport) !== undefined;
  return isMcp ? "mcp" : kindByName(tool);
}

export function kindByName(tool: string): ToolKind {
  const own = toolKind("copilot", tool);
  return own === "other" ? commonToolKind(tool) : own;
}

export function trustOf(kind: ToolKind): "mcp" | "web" | "tool_output" {
  return kind === "mcp" ? "mcp" : kind === "net" ? "web" : "tool_output";
}

/** What became of a call. */
export interface Outcome {
  readonly status: CallStatus;
  readonly success?: boolean;
  readonly errorType?: string;
}

const statusError = 2;

/** `error.type` words with a meaning of their own; any other is an error of the tool. */
const words: ReadonlyMap<string, CallStatus> = new Map([
  ["denied", "denied"],
  // At the question, where nothing ran, or while it ran: only the verdict tells.
  ["cancelled", "unknown"],
  ["timeout", "timeout"],
  ["TimeoutError", "timeout"],
]);

/** Sandbox outcomes under which a process was never begun, though Copilot calls its tool a success. */
const neverBegun: ReadonlySet<string> = new Set(["failed", "denied", "blocked"]);

/** A tool that ran and exited non-zero is still a success (agent-telemetry 5): it was executed, with that code. */
export function outcomeOf(item: SpanView): Outcome {
  const errorType = firstFilled(item.attributes, names.errorType);
  if (errorType !== undefined) {
    return { status: words.get(errorType) ?? "error", success: false, errorType };
  }
  if (item.statusCode === statusError)
    return { status: "error", success: false, errorType: "error" };
  const stopped = spawnOutcome(item);
  if (stopped === undefined) return { status: "executed" };
  return {
    status: stopped === "failed" ? "error" : "blocked",
    success: false,
    errorType: `sandbox_${stopped}`,
  };
}

/** How the sandbox kept a process from beginning; of one that left an exit code it did not. */
function spawnOutcome(item: SpanView): string | undefined {
  if (filled(item.attributes, names.exitCode[0]) !== undefined) return undefined;
  for (const event of item.events()) {
    if (!event.name.startsWith("github.copilot.sandbox.")) continue;
    const kind = event.attributes.text("github.copilot.sandbox.decision_kind");
    const outcome = event.attributes.text("github.copilot.sandbox.outcome");
    if (kind === "spawn_completed" && outcome !== undefined && neverBegun.has(outcome))
      return outcome;
  }
  return undefined;
}
