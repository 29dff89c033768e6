import type { Score } from "../captures/truth.ts";
import { generatedBlock } from "../support/generated-block.ts";

/** One scenario's score. */
export interface Scored {
  readonly agent: string;
  readonly scenario: string;
  readonly score: Score;
}

/** The table that README.md shows: what each agent's captures became, measured against what really happened. */
export function truthTable(scored: readonly Scored[]): string {
  const agents = [...new Set(scored.map(({ agent }) => agent))];
  const rows = agents.map((agent) => {
    const own = scored.filter((one) => one.agent === agent);
    return row([agent, own.length], own);
  });
  return generatedBlock("truth", [
    `| agent or library | captures | ${measures} |`,
    "|---|---:|---:|---:|---:|",
    ...rows,
    row(["**total**", scored.length], scored),
  ]);
}

/** The same of each capture, for test/captures/README.md. */
export function eachCaptureTable(scored: readonly Scored[]): string {
  return generatedBlock("captures", [
    `| agent or library | capture | ${measures} |`,
    "|---|---|---:|---:|---:|",
    ...scored.map((one) => row([one.agent, one.scenario], [one])),
  ]);
}

const measures = "facts right / expected | facts invented | true, but never sent by the agent";

function row(cells: readonly (string | number)[], scored: readonly Scored[]): string {
  const sum = (value: (score: Score) => number): number =>
    scored.reduce((total, { score }) => total + value(score), 0);
  const right = sum((score) => score.right);
  const expected = sum((score) => score.expected);
  const invented = sum((score) => score.invented.length);
  const hidden = sum((score) => score.notExported);
  return `| ${cells.join(" | ")} | ${right} / ${expected} | ${invented} | ${hidden} |`;
}
