import { driftKinds } from "@custody/model";
import type { DriftAnswer, DriftView } from "@custody/query-api";
import type { Diagnosis } from "./diagnosis.ts";

/** Names said of one kind; the rest is a number. */
const namesMax = 5;
/** Releases that are spoken of one by one. */
const releasesMax = 20;

/** What each kind means for the one who reads it. A note loses nothing; a fault is a fact that is now missing. */
const words: Readonly<
  Record<DriftView["kind"], { readonly verdict: Diagnosis["verdict"]; readonly what: string }>
> = {
  unknown_event: { verdict: "fault", what: "of names that Custody does not know" },
  unreadable_event: { verdict: "fault", what: "of known names that could not be read" },
  attribute_missing: { verdict: "fault", what: "without an attribute that they always had" },
  version_unseen: { verdict: "note", what: "of a release that Custody was not tested with" },
  unclaimed: { verdict: "note", what: "that are no agent's words" },
};

const remedies: Readonly<Record<Diagnosis["verdict"], string>> = {
  ok: "",
  note: "Nothing is lost: what is not understood is kept whole as opaque records",
  fault:
    "What is not understood is kept whole as opaque records, and the facts it held are missing: upgrade Custody, and if it is the newest, report these names (`custody query records --where class=opaque` shows what came)",
};

/** One diagnosis a release that strays: what changed, how many items since when, what to do. */
export function diagnoseDrift({ items }: DriftAnswer): readonly Diagnosis[] {
  const releases = [...new Set(items.map(releaseOf))];
  if (releases.length === 0) {
    return [{ check: "drift", verdict: "ok", said: "nothing strays from what Custody reads" }];
  }
  const said = releases.slice(0, releasesMax).map((release) =>
    diagnosisOf(
      release,
      items.filter((row) => releaseOf(row) === release),
    ),
  );
  const more = releases.length - said.length;
  return more === 0
    ? said
    : [...said, { check: "drift", verdict: "note", said: `${more} more: GET /v1/drift` }];
}

const releaseOf = ({ agent, version }: DriftView): string =>
  version === null ? agent : `${agent} ${version}`;

function diagnosisOf(release: string, rows: readonly DriftView[]): Diagnosis {
  const verdict = rows.some(({ kind }) => words[kind].verdict === "fault") ? "fault" : "note";
  const kinds = driftKinds.flatMap((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    return own.length === 0 ? [] : [kindSaid(kind, own)];
  });
  return { check: "drift", verdict, said: `${release}: ${kinds.join("; ")}. ${remedies[verdict]}` };
}

function kindSaid(kind: DriftView["kind"], rows: readonly DriftView[]): string {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const since =
    rows
      .map(({ first_at }) => first_at)
      .sort()[0]
      ?.slice(0, 19) ?? "";
  const names = rows.flatMap(({ name }) => (name === null ? [] : [name]));
  const more = names.length > namesMax ? `, and ${names.length - namesMax} more` : "";
  const listed = names.length === 0 ? "" : ` (${names.slice(0, namesMax).join(", ")}${more})`;
  return `${count} item(s) ${words[kind].what} since ${since}Z${listed}`;
}
