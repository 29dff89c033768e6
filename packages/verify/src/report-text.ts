import type { ControlReport } from "./control-evidence.ts";
import type { Manifest } from "./manifest.ts";
import type { Report } from "./verifier.ts";

const levelSentences = {
  failed: "FAILED: the bundle does not hold.",
  self_consistent: "self_consistent: the bundle agrees with itself.",
  authentic: "authentic: the bundle comes from a log that you trust.",
  anchored: "anchored: witnesses that you trust saw the log as it stands here.",
} as const;

/**
 * The report for people and terminals. It states what holds and what does not, and never gives an opinion (design 7).
 * Without pinned keys its first line says UNPINNED (contract 6).
 */
export function printReport(report: Report): string {
  const { level, findings, limits, controls, manifest } = report;
  const unpinned = limits.filter(({ code }) => code === "UNPINNED");
  const others = limits.filter(({ code }) => code !== "UNPINNED");
  const lines = [
    ...unpinned.map(({ code, sentence }) => `${code}: ${sentence}`),
    levelSentences[level],
    ...(manifest === undefined ? [] : describe(manifest)),
    ...findings.map(({ code, sentence, where }) => line(`finding ${code}: ${sentence}`, where)),
    ...controls.map(describeControl),
    `consistent with previous bundle: ${report.previous}`,
    ...others.map(({ code, sentence, where }) => line(`not checked ${code}: ${sentence}`, where)),
    ...(manifest?.blind_spots ?? []).map((spot) => `blind spot: ${spot}`),
  ];
  return lines.map((text) => `${printable(text)}\n`).join("");
}

function describe({ bundle_id, tenant, period, log, grades, interim }: Manifest): string[] {
  const total = grades.observed + grades.reported + grades.derived + grades.inferred;
  return [
    `bundle ${bundle_id} of ${tenant}, ${period.start} to ${period.end}${interim ? " (interim)" : ""}`,
    `log ${log.origin} size ${log.size} root ${log.root}`,
    `${total} records: ${grades.observed} observed, ${grades.reported} reported, ${grades.derived} derived, ${grades.inferred} inferred`,
  ];
}

function describeControl(control: ControlReport): string {
  const { id, version, result, rows, hashesOk, accumulatorOk, inScope, exceptions } = control;
  return [
    `${id} ${version} ${result}: Tested ${inScope} of ${inScope} items. ${exceptions} exceptions.`,
    `rows ${rows}, hashes ${hashesOk ? "ok" : "NOT OK"}, accumulator ${accumulatorOk ? "ok" : "NOT OK"},`,
    `sample ${control.sample}, result recomputed ${control.resultRecomputed ? "as reported" : "NOT AS REPORTED"}`,
  ].join(" ");
}

const line = (text: string, where: string): string => (where === "" ? text : `${text} (${where})`);

/** A bundle's words are hostile: nothing in them may move a cursor or start a new line. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
}
