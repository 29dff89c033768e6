import { type CallFacts, limits, type ToolKind } from "@custody/model";
import { readArguments } from "./call-arguments.ts";
import { urlHosts } from "./host-name.ts";
import { packagesOf } from "./packages.ts";
import { programHosts } from "./program-hosts.ts";
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
  const read = new Set([...args.scripts, ...args.argv.flat()]);
  if (kind !== "fs") for (const text of args.strings) if (!read.has(text)) urlHosts(text, add);
  return { hosts: [...hosts], risk: riskOf(kind, calls, args, hosts), classifier };
}

/** A commit's message, or a setting: words for people. */
function isMessage({ program, words }: ProgramCall): boolean {
  return program === "git" && (words.includes("commit") || words.includes("tag"));
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
