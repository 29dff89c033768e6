import { type CallFacts, limits, type ToolKind } from "@custody/model";
import { type CallArguments, readArguments } from "./call-arguments.ts";
import { urlHosts } from "./host-name.ts";
import { packagesOf } from "./packages.ts";
import { programHosts } from "./program-hosts.ts";
import { writtenBy } from "./program-touches.ts";
import { type ProgramCall, programCalls } from "./programs.ts";
import { riskOf } from "./risk.ts";
import { classifier } from "./risk-table.ts";
import { sayers } from "./risk-words.ts";

/** The facts of one call: `classifier` is set wherever there were arguments to read, so that "no risk seen" differs from "not looked". */
export type DescribedCall = Pick<CallFacts, "hosts" | "risk" | "classifier">;

/**
 * Reads hosts and risk off a call's arguments (hostile text, in linear time), before they are redacted. Stateless: the same arguments
 * always give the same facts. Withheld arguments give none; what only a run would tell is `unknown`.
 */
export function describeCall(
  tool: string,
  kind: ToolKind,
  argumentsText: string | undefined,
): DescribedCall {
  if (argumentsText === undefined || argumentsText === "") return {};
  if (last.tool === tool && last.kind === kind && last.text === argumentsText) return last.facts;
  const facts = factsOf(tool, kind, argumentsText);
  last = { tool, kind, text: argumentsText, facts };
  return facts;
}

/** A decision and its call follow each other with the same arguments; the second time costs nothing. */
let last: {
  readonly tool: string;
  readonly kind: ToolKind;
  readonly text: string;
  readonly facts: DescribedCall;
} = { tool: "", kind: "other", text: "", facts: {} };

function factsOf(tool: string, kind: ToolKind, argumentsText: string): DescribedCall {
  const args = readArguments(tool, kind, argumentsText);
  const calls = programCalls(args.scripts, args.argv);
  const hosts = new Set<string>();
  const add = (host: string): void => {
    if (hosts.size < limits.bodyListItemsMax) hosts.add(host);
  };
  for (const call of calls) {
    programHosts(call, add);
    // What is only said or searched for is reached by nobody.
    if (sayers.has(call.program) || isMessage(call)) continue;
    for (const word of [...call.before, ...call.words, ...call.writes]) urlHosts(word, add);
  }
  // The contents of files are full of links that nobody follows: a file tool reaches no host by them.
  if (kind !== "fs") for (const text of args.strings) if (!isRun(text, args)) urlHosts(text, add);
  return { hosts: [...hosts], risk: riskOf(kind, calls, args, hosts), classifier };
}

/** A commit's message, or a setting: words for people. */
function isMessage({ program, words }: ProgramCall): boolean {
  return program === "git" && (words.includes("commit") || words.includes("tag"));
}

/** Read as a command already, word by word. */
function isRun(text: string, { scripts, argv }: CallArguments): boolean {
  return scripts.includes(text) || argv.some((words) => words.includes(text));
}

/**
 * The files that a call would read or write: those that its arguments name, and those that its commands write. The rules ask for them; of a command
 * it is what its words say, and no effect that anybody saw.
 */
export function callTouches(
  tool: string,
  kind: ToolKind,
  argumentsText: string,
  files?: ReadonlyMap<string, string>,
): readonly { readonly path: string; readonly access: "read" | "write" }[] {
  const args = readArguments(tool, kind, argumentsText);
  const written = programCalls(args.scripts, args.argv, files).flatMap(writtenBy);
  const seen = new Map<string, "read" | "write">();
  const uses = [...args.paths, ...written.map((path) => ({ path, access: "write" as const }))];
  for (const { path, access } of uses) {
    if (access === "write" || !seen.has(path)) seen.set(path, access);
    if (seen.size >= limits.bodyListItemsMax) break;
  }
  return [...seen].map(([path, access]) => ({ path, access }));
}

/** The files that a call's arguments name, for the effects of an action. */
export function callPaths(
  tool: string,
  kind: ToolKind,
  argumentsText: string,
): readonly { readonly path: string; readonly access: "read" | "write" }[] {
  const seen = new Map<string, "read" | "write">();
  for (const { path, access } of readArguments(tool, kind, argumentsText).paths) {
    if (access === "write" || !seen.has(path)) seen.set(path, access);
    if (seen.size >= limits.bodyListItemsMax) break;
  }
  return [...seen].map(([path, access]) => ({ path, access }));
}

/** The packages that a call's arguments name, for the effects of an action. */
export function callPackages(
  tool: string,
  kind: ToolKind,
  argumentsText: string,
): readonly string[] {
  if (kind === "fs") return [];
  const args = readArguments(tool, kind, argumentsText);
  const names = new Set<string>();
  for (const call of programCalls(args.scripts, args.argv)) {
    packagesOf(call, (name) => {
      if (names.size < limits.bodyListItemsMax) names.add(name);
    });
  }
  return [...names];
}
