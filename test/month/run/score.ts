import type { FindingFact } from "@custody/detections";
import type { LedgerRecord } from "@custody/model";
import type { Family, Incident, World } from "../world/world.ts";
import { gapRecords } from "./gaps.ts";
import type { Heard } from "./heard.ts";

/** How a finding compares with the truth: of an incident of its family, rightly said besides, or of nothing that happened. */
interface Judged {
  readonly finding: FindingFact;
  readonly family: Family;
  readonly verdict: "asked" | "also" | "false";
  /** Those of its own family. */
  readonly incidents: readonly Incident[];
  readonly touched: readonly Incident[];
}

export interface FamilyScore {
  readonly family: Family;
  readonly incidents: number;
  readonly found: number;
  /** Of those missed, how many another rule saw at the same place. */
  readonly seenOtherwise: number;
  readonly missed: readonly Incident[];
  /** Findings that an incident of the family explains, or one of whose `also` it is. */
  readonly right: number;
  readonly wrong: readonly FindingFact[];
}

export interface Score {
  readonly calls: number;
  readonly families: readonly FamilyScore[];
}

/** Precision counts findings, recall counts incidents: one incident may show in several findings, and several in one. */
export function score(world: World, heard: Heard, found: readonly FindingFact[]): Score {
  const places = placesOf(heard, world);
  const judged = found.map((finding) => judge(finding, world.truth, places));
  const names = new Set<Family>([
    ...world.truth.map(({ family }) => family),
    ...judged.map(({ family }) => family),
  ]);
  return {
    calls: world.sessions.flatMap(({ steps }) => steps.filter(({ is }) => is === "call")).length,
    families: [...names].sort().map((family) => familyScore(family, world.truth, judged)),
  };
}

function familyScore(
  family: Family,
  truth: readonly Incident[],
  judged: readonly Judged[],
): FamilyScore {
  const asked = truth.filter((incident) => incident.family === family);
  const own = judged.filter((one) => one.family === family);
  const seen = new Set(own.flatMap(({ incidents }) => incidents));
  const missed = asked.filter((incident) => !seen.has(incident));
  const right = judged.filter(({ verdict }) => verdict !== "false");
  const touched = new Set(right.flatMap((one) => one.touched));
  return {
    family,
    incidents: asked.length,
    found: asked.filter((incident) => seen.has(incident)).length,
    seenOtherwise: missed.filter((incident) => touched.has(incident)).length,
    missed,
    right: own.filter(({ verdict }) => verdict !== "false").length,
    wrong: own.flatMap(({ verdict, finding }) => (verdict === "false" ? [finding] : [])),
  };
}

interface Place {
  readonly session: string | undefined;
  readonly call: string | undefined;
  readonly day: string;
}
type Places = ReadonlyMap<string, Place>;

/** Where each record belongs in the world. A merge names its session in a trailer, a flow of Smokescreen in a header. */
function placesOf({ records }: Heard, { sessions }: World): Places {
  const numbered = new Map(
    sessions.flatMap(({ id }) => [id, id.slice(0, 8)].map((name) => [name, id])),
  );
  return new Map(
    [...records, ...gapRecords(records)].map(({ record }): [string, Place] => [
      record.id,
      {
        session:
          record.session ??
          trailerOf(record) ??
          numbered.get(gapOf(record)) ??
          record.attrs?.["proxy.session_header"],
        call: record.call,
        day: record.rx.slice(0, 10),
      },
    ]),
  );
}

/** Claude Code numbers by session; our own import by process, which is named like the session here. */
function gapOf(record: LedgerRecord): string {
  if (record.class !== "integrity") return "";
  const { said_source, said_epoch } = (record as LedgerRecord<"integrity">).body.detail;
  return String(said_epoch === "" ? said_source : said_epoch);
}

function trailerOf(record: LedgerRecord): string | undefined {
  if (record.class !== "change") return undefined;
  return (record as LedgerRecord<"change">).body.trailer_sessions?.[0];
}

function judge(finding: FindingFact, truth: readonly Incident[], places: Places): Judged {
  const family = finding.body.rule as Family;
  const at = placesOfFinding(finding, places);
  const touched = truth.filter((incident) => touches(incident, finding, at));
  const asked = touched.filter((incident) => incident.family === family);
  const isAlso = touched.some((incident) => isSaid(incident, family));
  return {
    finding,
    family,
    verdict: asked.length > 0 ? "asked" : isAlso ? "also" : "false",
    incidents: asked,
    touched,
  };
}

/**
 * That no person who may decided is one wrong under two rules: nothing decided (D-APR-02), or a setting or a model did (D-APR-03). The truth names
 * the first alone, so either is rightly said; found is only what was asked for.
 */
const undecided: readonly Family[] = ["D-APR-02", "D-APR-03"];

function isSaid({ family, also }: Incident, said: Family): boolean {
  const isUndecided =
    undecided.includes(said) && undecided.some((one) => one === family || also.includes(one));
  return also.includes(said) || isUndecided;
}

function placesOfFinding({ session, call, body }: FindingFact, places: Places): readonly Place[] {
  if (session !== undefined) return [{ session, call, day: "" }];
  return body.refs.flatMap((ref) => places.get(ref) ?? []);
}

/** One of the incident's calls where both name one; else its session; else, of what is no session's, its day. */
function touches(incident: Incident, finding: FindingFact, at: readonly Place[]): boolean {
  return at.some((place) => {
    if (incident.session === undefined) {
      return finding.session === undefined && incident.day === place.day;
    }
    if (incident.session !== place.session) return false;
    const { calls } = incident;
    return calls.length === 0 || place.call === undefined || calls.includes(place.call);
  });
}
