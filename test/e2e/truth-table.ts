import type { Score } from "../captures/truth.ts";
import { committedBlock, generatedBlock } from "../support/generated-block.ts";

/** One scenario's score. */
export interface Scored {
  readonly agent: string;
  readonly scenario: string;
  readonly score: Score;
}

/** The table that README.md shows between its markers: what each agent's captures became, measured against what really happened. */
export function truthTable(scored: readonly Scored[]): string {
  const agents = [...new Set(scored.map(({ agent }) => agent))];
  const rows = agents.map((agent) => {
    const own = scored.filter((one) => one.agent === agent);
    return row([agent, own.length], own);
  });
  const each = scored.map((one) => row([one.agent, one.scenario], [one]));
  return generatedBlock("truth", [
    `| agent | captures | ${measures} |`,
    "|---|---:|---:|---:|---:|",
    ...rows,
    row(["**total**", scored.length], scored),
    "",
    "<details><summary>Each capture</summary>",
    "",
    `| agent | capture | ${measures} |`,
    "|---|---|---:|---:|---:|",
    ...each,
    "",
    "</details>",
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

/** The committed table; rewritten first where it is stale. */
export function committedTable(fresh: string): string {
  return committedBlock("truth", fresh);
}
