import { type EffectView, limits, type PlacedRecord } from "@custody/model";
import type { CallOutcome } from "./call-status.ts";
import { callDirectory, callWrites } from "./call-touches.ts";
import { readFiles } from "./change/change-files.ts";
import { isFileOf } from "./change/committed-path.ts";
import type { OpenedContent } from "./opened-content.ts";
import { packageUses } from "./package-uses.ts";
import { placementBy } from "./placement.ts";
import { compareText, ofClass } from "./record-order.ts";

/**
 * What changed in the world: hosts that were let through; commits that version control showed and that this call made, with their files; and, where
 * the call ran and its arguments may be read, the files it wrote and the packages it named. What the arguments say is what the agent reported; what
 * version control shows of the same file stands above it. A command's own writes stand in no argument, and are seen in a commit or nowhere.
 */
export function effectsOf(
  records: readonly PlacedRecord[],
  { status, result }: CallOutcome,
  argumentsText: string | undefined,
  contents: readonly OpenedContent[] = [],
): readonly EffectView[] {
  const effects = new Map<string, EffectView>();
  const add = (effect: EffectView): void => {
    const key = JSON.stringify([effect.kind, effect.target]);
    // An observer's account of the same effect stands above the agent's.
    if (!effects.has(key) || effect.grade === "observed") effects.set(key, effect);
  };
  for (const { body, grade } of ofClass(records, "egress")) {
    if (body.action === "allowed") add({ kind: "host", target: body.host, grade });
  }
  const committed = commitEffects(records, contents);
  for (const effect of committed) add(effect);
  if (status === "executed" && result !== undefined && argumentsText !== undefined) {
    const { tool, kind } = result.body;
    const directory = callDirectory(tool, kind, argumentsText);
    for (const path of callWrites(tool, kind, argumentsText)) {
      const isSeen = committed.some(
        (one) => one.kind === "file" && isFileOf(one.target, path, directory),
      );
      if (!isSeen) add({ kind: "file", target: path, grade: result.grade });
    }
    for (const one of packageUses(tool, kind, argumentsText)) {
      add({ kind: "package", grade: result.grade, ...one });
    }
  }
  return [...effects.values()]
    .sort(
      (left, right) => compareText(left.kind, right.kind) || compareText(left.target, right.target),
    )
    .slice(0, limits.bodyListItemsMax * 2);
}

/** A commit that only claims to be this call's, or may be, is no effect of it. */
function commitEffects(
  records: readonly PlacedRecord[],
  contents: readonly OpenedContent[],
): readonly EffectView[] {
  const placement = placementBy(records);
  return ofClass(records, "change").flatMap((change) => {
    const { body, grade, id } = change;
    const { link } = placement.of(change);
    if (body.commit === undefined || body.event === "trace") return [];
    if (link === undefined || link.body.confidence === "low") return [];
    const { method, confidence } = link.body;
    const target = `${body.repo ?? ""}@${body.commit}`;
    const match = { method, confidence };
    const text = contents.find(({ record, path }) => record === id && path === "files")?.text;
    const files = text === undefined ? [] : readFiles(text);
    return [
      { kind: "commit", target, grade, match } as const,
      ...files.map(
        ({ path }) => ({ kind: "file", target: path, grade, match, commit: target }) as const,
      ),
    ];
  });
}
