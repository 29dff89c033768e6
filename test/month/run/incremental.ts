import { createHash } from "node:crypto";
import { sessionEvidence } from "@custody/collector";
import { detect, newFindings, type Rule } from "@custody/detections";
import type { LedgerRecord } from "@custody/model";
import type { Delivery } from "../speech/deliver.ts";
import { createHeard, type Heard } from "./heard.ts";
import { createKnown } from "./known.ts";
import { tenant } from "./receive.ts";

export interface Told {
  readonly heard: Heard;
  /** Findings that stand at the end, by identity: what each says. */
  readonly open: ReadonlyMap<string, string>;
  readonly looks: number;
  /** Written on the way, withdrawals included. */
  readonly written: number;
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

interface Winner {
  readonly record: LedgerRecord<"finding">;
}

/** Hears requests one after another and looks, every `everyMs` of their time, at each session that got something, as the job does. */
export function hearAndLook(
  deliveries: readonly Delivery[],
  rules: readonly Rule[],
  everyMs: number,
): Told {
  const heard = createHeard();
  const known = createKnown();
  const winners = new Map<string, Map<string, LedgerRecord<"finding">>>();
  const touched = new Set<string>();
  let [looks, written, lookAt] = [0, 0, 0];
  const lookAll = (): void => {
    for (const session of touched) {
      looks++;
      const own = winners.get(session) ?? new Map<string, LedgerRecord<"finding">>();
      winners.set(session, own);
      const records = known.linked(session);
      const looked = sessionEvidence({
        session,
        records,
        policies: known.policies,
        argumentsOf: heard.argumentsOf,
      });
      const look = { tenant, rules, basis: looked.basis, winners: own, hash };
      for (const fact of newFindings(detect(rules, looked.evidence), look)) {
        written++;
        own.set(fact.body.finding ?? "", {
          ...fact,
          grade: "derived",
        } as unknown as Winner["record"]);
      }
    }
    touched.clear();
  };
  for (const delivery of deliveries) {
    if (delivery.at >= lookAt) {
      lookAll();
      lookAt = delivery.at + everyMs;
    }
    for (const one of heard.take(delivery)) {
      for (const session of known.add(one)) touched.add(session);
    }
  }
  lookAll();
  return { heard, open: openOf(winners), looks, written };
}

function openOf(
  winners: ReadonlyMap<string, ReadonlyMap<string, LedgerRecord<"finding">>>,
): ReadonlyMap<string, string> {
  const open = [...winners.values()].flatMap((own) =>
    [...own].flatMap(([id, { body, session, call }]): readonly (readonly [string, string])[] => {
      if (body.status !== "open") return [];
      const { rule, severity, refs } = body;
      return [[id, [rule, body.case, severity, session, call, ...refs].join(" ")]];
    }),
  );
  return new Map(open.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
