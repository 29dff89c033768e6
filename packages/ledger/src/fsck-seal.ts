import { canonicalText } from "@custody/model";
import type { FsckCode } from "./fsck-report.ts";
import { draftHead, type Head } from "./head.ts";
import type { Members } from "./json-file.ts";

/** Where a seal's body differs from what its leaves give. */
export function compareSeal(
  body: Members,
  leaf: number,
  head: Head,
  hwDigest: string | undefined,
): readonly (readonly [FsckCode, string])[] {
  const { counts, acc, gaps } = draftHead(head, "").commitments();
  const from = head.seal === undefined ? 0 : head.seal.leaf + 1;
  const checks: readonly (readonly [FsckCode, unknown, unknown])[] = [
    ["seal_range", [body.integer("from"), body.integer("to")], [from, leaf]],
    ["seal_chain", body.optionalText("prev") ?? null, head.seal?.sha ?? null],
    ["seal_counts", Object.fromEntries(body.object("counts").entries()), counts],
    ["seal_accumulator", Object.fromEntries(body.object("acc").entries()), acc],
    ["seal_gaps", body.integer("gaps"), gaps],
    ["seal_high_water", body.optionalText("hw_digest") ?? null, hwDigest ?? null],
  ];
  return checks.flatMap(([code, said, found]) => {
    const [a, b] = [canonicalText(said), canonicalText(found)];
    return a === b ? [] : [[code, `the seal says ${a}, its leaves give ${b}`] as const];
  });
}
