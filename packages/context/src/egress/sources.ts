import { parseEgressLine } from "../egress-line.ts";
import { contextLimits } from "../limits.ts";
import { readEnvoy } from "./envoy.ts";
import { readFalco } from "./falco.ts";
import { readHar } from "./har.ts";
import { readHubble } from "./hubble.ts";
import { readOcsf } from "./ocsf.ts";
import { type EgressReading, invalid, type ReadEgress } from "./reading.ts";
import { readSmokescreen } from "./smokescreen.ts";
import { readSquid } from "./squid.ts";
import { readTetragon } from "./tetragon.ts";

/** One line at a time, each by its own. */
const lines = {
  smokescreen: readSmokescreen,
  squid: readSquid,
  envoy: readEnvoy,
  hubble: readHubble,
  tetragon: readTetragon,
  falco: readFalco,
  ocsf: readOcsf,
  ndjson: readOwn,
} as const satisfies Readonly<Record<string, ReadEgress>>;

/** Whose words `POST /v1/egress/{source}` takes (contract 4). */
export const egressSources = [
  "smokescreen",
  "squid",
  "envoy",
  "hubble",
  "tetragon",
  "falco",
  "ocsf",
  "har",
  "ndjson",
] as const;
export type EgressSource = (typeof egressSources)[number];

/** What each line of a body says, blank ones left out: with its number from 1, or the number of its entry where the source sends one document. */
export function* readEgress(
  source: EgressSource,
  body: string,
): Iterable<{ readonly line: number; readonly reading: EgressReading }> {
  if (source === "har") {
    for (const [index, reading] of readHar(body).entries()) yield { line: index + 1, reading };
    return;
  }
  const read = lines[source];
  let line = 0;
  for (const text of body.split("\n")) {
    line++;
    if (text.trim() === "") continue;
    const isLong = text.length > contextLimits.egressLineUnitsMax;
    const long = `longer than ${contextLimits.egressLineUnitsMax} characters`;
    yield { line, reading: isLong ? invalid(long) : read(text) };
  }
}

function readOwn(text: string): EgressReading {
  const verdict = parseEgressLine(text);
  return verdict.outcome === "ok"
    ? { outcome: "flow", fact: verdict.fact }
    : invalid(verdict.reason);
}
