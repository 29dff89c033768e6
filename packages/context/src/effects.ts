import { type ActionView, limits, type PlacedRecord } from "@custody/model";
import { callPackages, callPaths } from "./call-facts.ts";
import type { CallOutcome } from "./call-status.ts";
import { compareText, ofClass } from "./record-order.ts";

type Effect = ActionView["effects"][number];

/**
 * What changed in the world: hosts that were let through, commits an observer linked, and, where the call ran and its arguments may be read,
 * the files it wrote and the packages it named. What the arguments say is what the agent reported; a command's own writes are not seen.
 */
export function effectsOf(
  records: readonly PlacedRecord[],
  { status, result }: CallOutcome,
  argumentsText: string | undefined,
): readonly Effect[] {
  const effects = new Map<string, Effect>();
  const add = (effect: Effect): void => {
    const key = JSON.stringify([effect.kind, effect.target]);
    // An observer's account of the same effect stands above the agent's.
    if (!effects.has(key) || effect.grade === "observed") effects.set(key, effect);
  };
  for (const { body, grade } of ofClass(records, "egress")) {
    if (body.action === "allowed") add({ kind: "host", target: body.host, grade });
  }
  for (const { body, grade } of ofClass(records, "change")) {
    if (body.commit !== undefined) {
      add({ kind: "commit", target: `${body.repo ?? ""}@${body.commit}`, grade });
    }
  }
  if (status === "executed" && result !== undefined && argumentsText !== undefined) {
    const { tool, kind } = result.body;
    for (const { path, access } of callPaths(tool, kind, argumentsText)) {
      if (access === "write") add({ kind: "file", target: path, grade: result.grade });
    }
    for (const name of callPackages(tool, kind, argumentsText)) {
      add({ kind: "package", target: name, grade: result.grade });
    }
  }
  return [...effects.values()]
    .sort(
      (left, right) => compareText(left.kind, right.kind) || compareText(left.target, right.target),
    )
    .slice(0, limits.bodyListItemsMax * 2);
}
