import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

type Weakness = "none" | "escapes" | "unapproved" | "changed";

/**
 * The confinement is gone or thinner than was approved: a mode that confines nothing, escapes allowed, a configuration that is on no list, or
 * one that is another than the same teller said before of the same sandbox. Each weakness once for each word of it.
 */
export const sandboxWeak: Condition = condition({
  cases: ["none", "escapes", "unapproved", "changed"],
  inputs: ["sandbox", "session"],
  parameters: z.strictObject({ modes: z.array(z.string().min(1).max(120)).min(1) }),
  find: (story, { modes }) => {
    const weak = new Set(modes.map((mode) => mode.toLowerCase()));
    const approved = story.policy.sandboxDigests;
    const said = [
      ...story.of("session").flatMap((record) => weaknessesOfSession(record, weak)),
      ...story.of("sandbox").flatMap((record) => weaknesses(record, weak, approved)),
      ...changes(story.of("sandbox"), approved),
    ];
    const seen = new Set<string>();
    return said.flatMap(({ weakness, word, record }) => {
      const identity = JSON.stringify([weakness, word]);
      if (seen.has(identity)) return [];
      seen.add(identity);
      return [{ case: weakness, at: timeOf(record), about: word, refs: [record.id] }];
    });
  },
});

interface Said {
  readonly weakness: Weakness;
  readonly word: string;
  readonly record: LedgerRecord;
}

function weaknessesOfSession(
  record: LedgerRecord<"session">,
  weak: ReadonlySet<string>,
): readonly Said[] {
  const mode = record.body.sandbox_mode?.toLowerCase();
  return mode !== undefined && weak.has(mode) ? [{ weakness: "none", word: mode, record }] : [];
}

function weaknesses(
  record: LedgerRecord<"sandbox">,
  weak: ReadonlySet<string>,
  approved: readonly string[] | undefined,
): readonly Said[] {
  const { event, mode, profile, escapes_allowed, config_digest } = record.body;
  if (event !== "start" && event !== "change") return [];
  const out: Said[] = [];
  const word = (mode ?? profile)?.toLowerCase();
  if (word !== undefined && weak.has(word)) out.push({ weakness: "none", word, record });
  if (escapes_allowed === true) out.push({ weakness: "escapes", word: "", record });
  const listed = config_digest !== undefined && approved?.includes(config_digest) === true;
  if (config_digest !== undefined && approved !== undefined && !listed)
    out.push({ weakness: "unapproved", word: config_digest, record });
  return out;
}

/** A change to what was approved is somebody's decision; any other is nobody's. What was not said before has not changed. */
function changes(
  records: readonly LedgerRecord<"sandbox">[],
  approved: readonly string[] | undefined,
): readonly Said[] {
  const last = new Map<string, string>();
  return records.flatMap((record): readonly Said[] => {
    const { event, mode, profile, config_digest, sandbox, attested_by } = record.body;
    const word = config_digest ?? mode ?? profile;
    if ((event !== "start" && event !== "change") || word === undefined) return [];
    const kind = config_digest === undefined ? "mode" : "digest";
    const teller = JSON.stringify([attested_by, record.src.auth.subject, sandbox ?? "", kind]);
    const before = last.get(teller);
    last.set(teller, word);
    const isNew = event === "change" && before !== undefined && before !== word;
    if (!isNew || approved?.includes(word)) return [];
    return [{ weakness: "changed", word, record }];
  });
}
