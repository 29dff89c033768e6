import type { Company } from "./company.ts";
import type { Family, Incident, Notice } from "./world.ts";

const day = 86_400_000;

interface Kept {
  readonly notices: readonly Notice[];
  readonly truth: readonly Omit<Incident, "id">[];
}

/** Who read the records, and what the ledger found of itself. */
export function keptRecords(company: Company, begin: number, days: number, times: number): Kept {
  const notices: Notice[] = [];
  const truth: Omit<Incident, "id">[] = [];
  const [one, other] = company.security;
  for (let at = 0; at < days; at++) {
    const nine = begin + at * day + 9 * 3_600_000;
    notices.push(
      read(nine, one, "query", "sessions", 100),
      read(nine + 900_000, other, "query", "actions", 400),
    );
    notices.push(verified(nine - 3_600_000, "ok"));
    if (at % 7 === 0)
      notices.push(
        read(nine + 60_000, "avery.audit", "export", "period", 9_000, "quarterly review"),
      );
  }
  for (let at = 0; at < times; at++) {
    const noon = begin + ((at * 9 + 1) % days) * day + 12 * 3_600_000;
    const wrong = (family: Family, shape: string, what: string): void => {
      const incident = { family, shape, what, day: new Date(noon).toISOString().slice(0, 10) };
      truth.push({ ...incident, calls: [], also: [] });
    };
    notices.push(read(noon, company.people[3] ?? "", "export", "records", 2_400_000));
    wrong(
      "D-LOG-02",
      "everything, by somebody without the role",
      "two million records were exported",
    );
    notices.push(read(noon + 60_000, one, "open_disclosure", "content", 900));
    wrong("D-LOG-02", "content opened without a purpose", "prompts were read, and nobody said why");
    notices.push(verified(noon + 120_000, "failed"));
    wrong("D-LOG-01", "a verification that failed", "a root does not match its records");
  }
  return { notices, truth };
}

function read(
  at: number,
  actor: string,
  action: string,
  object: string,
  rows: number,
  purpose?: string,
): Notice {
  const body = {
    action,
    object,
    result: "ok",
    rows,
    ...(purpose === undefined ? {} : { purpose }),
  };
  return { at, actor, class: "access", body };
}

function verified(at: number, outcome: string): Notice {
  const detail = { check: "fsck", outcome, ...(outcome === "ok" ? {} : { mismatches: 1 }) };
  return { at, actor: "custody", class: "integrity", body: { kind: "verify", detail } };
}
