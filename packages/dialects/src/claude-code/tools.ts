import type { AttributeView, CallStatus, ToolKind } from "@custody/model";
import { filled } from "../attributes.ts";
import { toolKind } from "../tool-kinds.ts";

/** A tool as the decision and the result name it. */
export interface Tool {
  readonly name: string;
  readonly kind: ToolKind;
  readonly server: string | undefined;
  /** The gated parameters, where they say more than the name of an MCP tool. */
  readonly parameters: string | undefined;
  readonly unsandboxed: boolean;
}

/** Without the details switch every MCP tool is called `mcp_tool`; with it the parameters hold its name and server. */
export function toolOf(attributes: AttributeView): Tool {
  const name = attributes.text("tool_name") ?? "";
  const text = filled(attributes, "tool_parameters");
  const parameters = parse(text);
  const server = textOf(parameters["mcp_server_name"]);
  const isMcp =
    server !== undefined || attributes.text("tool_source") === "mcp" || name.startsWith("mcp__");
  const input = parse(filled(attributes, "tool_input"));
  return {
    name: textOf(parameters["mcp_tool_name"]) ?? name,
    kind: isMcp ? "mcp" : toolKind("claude-code", name),
    server,
    parameters: isMcp ? undefined : text,
    unsandboxed:
      parameters["dangerouslyDisableSandbox"] === true ||
      input["dangerouslyDisableSandbox"] === true,
  };
}

/** JSON inside an attribute; what is not an object has no members. */
function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined || !text.startsWith("{")) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // The agent cuts long parameters, which leaves no JSON.
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A command that ran and exited non-zero is a `ShellError`; it was executed all the same (contract 5). */
const ranAnyway: ReadonlySet<string> = new Set(["ShellError"]);

export function statusOf(success: boolean | undefined, errorType: string | undefined): CallStatus {
  if (success === undefined) return "unknown";
  return success || (errorType !== undefined && ranAnyway.has(errorType)) ? "executed" : "error";
}

export function trustOf(kind: ToolKind): "mcp" | "web" | "tool_output" {
  return kind === "mcp" ? "mcp" : kind === "net" ? "web" : "tool_output";
}
