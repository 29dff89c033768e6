import type { ToolKind } from "@custody/model";
import { toolKind } from "../tool-kinds.ts";

/** Kind of a Codex tool: an MCP server or namespace speaks before the name, which the server chose itself. */
export function codexToolKind(
  tool: string,
  namespace: string | undefined,
  mcpServer: string | undefined,
): ToolKind {
  // Older releases have no namespace and say the server as a part of the name.
  if (mcpServer !== undefined || (namespace ?? tool).startsWith("mcp__")) return "mcp";
  if (namespace === "collaboration") return "agent";
  return toolKind("codex", tool);
}
