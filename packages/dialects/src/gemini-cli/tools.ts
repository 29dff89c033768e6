import type { ToolKind } from "@custody/model";
import { toolKind } from "../tool-kinds.ts";

/** Tools of MCP servers are called after them since 0.2x; before, only `tool_type` says whose a tool is. */
const mcpPrefix = "mcp_";

export function kindOf(tool: string, type: string | undefined): ToolKind {
  return type === "mcp" || tool.startsWith(mcpPrefix) ? "mcp" : toolKind("gemini-cli", tool);
}

export function trustOf(kind: ToolKind): "mcp" | "web" | "tool_output" {
  return kind === "mcp" ? "mcp" : kind === "net" ? "web" : "tool_output";
}
