import type { ClassRange } from "./class-range.ts";
import { gradeSentence } from "./grade-line.ts";
import { anchorSentence } from "./narrative.ts";
import type { ControlRun, Run } from "./run-controls.ts";

export interface ReadmeInput {
  readonly run: Run;
  readonly bundleId: string;
  readonly anchors: number;
  readonly proofsLeftOut: number;
}

/** The first page: how the facts are known and what could not be seen, then the results, then how to check all of it alone. */
export function readmeText({ run, bundleId, anchors, proofsLeftOut }: ReadmeInput): string {
  const { period, scope } = run;
  return [
    anchorSentence(anchors),
    "",
    `Evidence of what coding agents did: ${scope.tenant}, ${period.start} to ${period.end}${period.interim ? ", interim" : ""}`,
    `Bundle ${bundleId}, ledger ${scope.ledger}`,
    "",
    "HOW IT IS KNOWN",
    gradeSentence(run.classes),
    ...run.classes.map(classLine),
    "",
    "WHAT COULD NOT BE SEEN",
    ...run.blindSpots.map((sentence) => `- ${sentence}`),
    "",
    "RESULTS",
    ...run.controls.map(resultLine),
    "A result is a count of exceptions in a population. It is no opinion, and nothing here says that any rule was kept.",
    "",
    ...howToVerify,
    ...(proofsLeftOut === 0
      ? []
      : [
          "",
          `Inclusion proofs of ${proofsLeftOut} further exceptions are left out; the ranges of records prove them all.`,
        ]),
    "",
  ].join("\n");
}

function classLine({ class: name, rows, grades }: ClassRange): string {
  const { observed, reported, derived, inferred } = grades;
  return `  ${name}: ${rows} records, ${observed} observed, ${reported} reported, ${derived} derived, ${inferred} inferred`;
}

function resultLine({ control, result, inScope, exceptions }: ControlRun): string {
  const why = result.unableBecause.length === 0 ? "" : `: ${result.unableBecause.join("; ")}`;
  const limited = result.scopeLimitation ? ", scope limitation" : "";
  return `${control.id} ${result.state}${why}. Tested ${inScope} of ${inScope} items in scope; ${exceptions.length} exceptions${limited}.`;
}

const howToVerify = [
  "HOW TO VERIFY, without a network and without trusting this file",
  "1  unzip BUNDLE.zip -d bundle && (cd bundle && sha256sum -c SHA256SUMS)",
  "2  custody verify BUNDLE.zip --trust POLICY      get the verifier and the log's key from somewhere else than this file",
  "3  The seed of sample.csv was chosen by the exporter. Choose items of controls/<ID>/population.csv yourself, now that you hold the bundle.",
  "4  records/<class>.jsonl holds every record of a class between two seals: fold their SHA-256 and compare with log/seals.jsonl.",
  "5  controls/<ID>/query.sql with params.json runs alone on (tenant, ledger, leaf, sha, canonical) rows of a table `records`;",
  "   where params.json says slices, the population is that of slice 0 to slices - 1 together.",
];
