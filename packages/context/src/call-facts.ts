import { type CallFacts, limits, type ToolKind } from "@custody/model";
import { readArguments } from "./call-arguments.ts";
import { urlHosts } from "./host-name.ts";
import { packagesOf } from "./packages.ts";
import { programHosts } from "./program-hosts.ts";
import { programCalls } from "./programs.ts";
import { riskOf } from "./risk.ts";
import { classifier } from "./risk-table.ts";

/** The facts of one call: `classifier` is set wherever there were arguments to read, so that "no risk seen" differs from "not looked". */
export type DescribedCall = Pick<CallFacts, "hosts" | "risk" | "classifier">;

/**
 * Reads hosts and risk off a call's arguments (hostile text, in linear time), before they are redacted. Stateless: the same arguments
 * always give the same facts. Withheld arguments give none; what a script, a variable or an encoding hides is not seen.
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
  const calls = kind === "fs" ? [] : programCalls(args.scripts, args.argv);
  const hosts = new Set<string>();
  const add = (host: string): void => {
    if (hosts.size < limits.bodyListItemsMax) hosts.add(host);
  };
  // The contents of files are full of links that nobody follows: a file tool reaches no host.
  if (kind !== "fs") {
    for (const text of args.strings) urlHosts(text, add);
    for (const call of calls) programHosts(call, add);
  }
  return { hosts: [...hosts], risk: riskOf(kind, calls, args, hosts.size), classifier };
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
