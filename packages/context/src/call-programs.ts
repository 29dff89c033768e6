import type { ToolKind } from "@custody/model";
import { readArguments } from "./call-arguments.ts";
import { contextLimits } from "./limits.ts";
import { programCalls } from "./programs.ts";

/** The programs that a call's arguments would run, shells inside shells included, folder and wrappers taken off. */
export function callPrograms(
  tool: string,
  kind: ToolKind,
  argumentsText: string,
  files?: ReadonlyMap<string, string>,
): readonly { readonly program: string; readonly words: readonly string[] }[] {
  const args = readArguments(tool, kind, argumentsText);
  return programCalls(args.scripts, args.argv, files)
    .slice(0, contextLimits.commandsMax)
    .map(({ program, words }) => ({ program, words }));
}
