import type { ToolKind } from "@custody/model";
import { toolKind } from "../tool-kinds.ts";

/** Tools of MCP servers are called `mcp__<server>__<tool>`. */
const mcpPrefix = "mcp__";

export function kindOf(tool: string, type: string | undefined): ToolKind {
  return type === "mcp" || tool.startsWith(mcpPrefix) ? "mcp" : toolKind("qwen-code", tool);
}

/** Spans name no server, but the name of its tools does, where neither holds the separator itself. */
export function serverOf(tool: string): string | undefined {
  const parts = tool.startsWith(mcpPrefix) ? tool.slice(mcpPrefix.length).split("__") : [];
  return parts.length === 2 && parts[0] !== "" ? parts[0] : undefined;
}

export function trustOf(kind: ToolKind): "mcp" | "web" | "tool_output" {
  return kind === "mcp" ? "mcp" : kind === "net" ? "web" : "tool_output";
}
