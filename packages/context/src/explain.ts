import type { Auth, Grade, PlacedRecord } from "@custody/model";

export interface Explanation {
  readonly id: string;
  readonly class: string;
  readonly grade: Grade;
  readonly vantage: "enforcer" | null;
  readonly said_by: Auth;
  /** What its sender said about itself, kept as claims. */
  readonly claimed: Readonly<Record<string, string>>;
  readonly said_at: string;
  readonly heard_at: string;
  readonly place: { readonly ledger: string; readonly leaf: number; readonly sha256: string };
  readonly who: string;
  /** What would have to be compromised for the record to have been false when we heard it. */
  readonly false_if: string;
  /** And for it to have been changed since. */
  readonly changed_if: string;
}

interface Sentence {
  readonly who: string;
  readonly falseIf: string;
}

/** Who speaks under each kind of credential, and what its word is worth. */
const sentences: Readonly<Record<Auth["kind"], Sentence>> = {
  agent: {
    who: "The agent, or its vendor's client, under an agent's key.",
    falseIf:
      "The agent, or anything on its device that can read its key. An agent speaks about itself here: no other party saw it.",
  },
  none: {
    who: "A process on this machine that gave no key; the collector accepts that on loopback only.",
    falseIf: "Any process that can reach the collector's port on this machine.",
  },
  observer: {
    who: "An observer, under a key that the observed agent's account cannot read.",
    falseIf:
      "The observing component, its key, or the host it runs on. The agent alone cannot make it false, unless it runs under the same account.",
  },
  authority: {
    who: "One person, under that person's own key.",
    falseIf: "That person, or the key of that person.",
  },
  internal: {
    who: "Custody itself.",
    falseIf:
      "The collector's process or its data folder, or the records that this one was concluded from.",
  },
  reader: { who: "A reader, whose read is recorded.", falseIf: "The collector itself." },
  investigator: {
    who: "An investigator, whose read is recorded.",
    falseIf: "The collector itself.",
  },
  auditor: { who: "An auditor, under the auditor's key.", falseIf: "The auditor's key." },
  admin: { who: "An administrator, under an admin key.", falseIf: "The administrator's key." },
};

const gradeNotes: Readonly<Record<Grade, string>> = {
  observed: "",
  reported: "",
  derived: " It is a conclusion: its sources can be false where it is computed rightly.",
  inferred: " It is concluded from absence: false too if a record was lost, or never sent.",
};

const enforcerNote =
  " It comes from the agent's own enforcing part, its proxy or sandbox, which shares the agent's device and key.";

const changedIf =
  "The ledger's signing key, together with every checkpoint that left the operator's control (anchors, witnesses, receipts, bundles): without those, the inclusion proof fails.";

/** Says of one record who said it, over which credential, and what would have to be compromised for it to be false. */
export function explainRecord({ record, ledger, leaf, sha }: PlacedRecord): Explanation {
  const { auth } = record.src;
  const { who, falseIf } = sentences[auth.kind];
  const vantage = record.vantage ?? null;
  const claimed = Object.entries(record.attrs ?? {}).filter(([name]) =>
    name.startsWith("claimed."),
  );
  return {
    id: record.id,
    class: record.class,
    grade: record.grade,
    vantage,
    said_by: auth,
    claimed: Object.fromEntries(claimed),
    said_at: record.ts,
    heard_at: record.rx,
    place: { ledger, leaf, sha256: sha },
    who,
    false_if: falseIf + gradeNotes[record.grade] + (vantage === null ? "" : enforcerNote),
    changed_if: changedIf,
  };
}
