import type { IndicatorView, LayerView, Scorecard } from "@custody/query-api";
import type { Printer } from "./printer.ts";
import { printable } from "./table.ts";

/** A scorecard as a person reads it: what holds everything down first, then each layer with its worst indicator first. */
export function showPosture(card: Scorecard, printer: Printer): void {
  const say = (text: string): void => printer.line(printable(text));
  const { overall } = card;
  const vector = Object.entries(overall.vector)
    .map(([layer, level]) => `${layer} ${level}`)
    .join(" · ");
  say(
    `${second(card.from)} to ${second(card.to)}: level ${overall.level} of 4 (${vector}); ${coverage(overall.coverage)}`,
  );
  say(`held down by ${overall.limiting.indicator} of ${overall.limiting.layer}`);
  if (card.account.shared === "assumed") say(`every layer at most 1: ${card.account.why}`);
  if (card.cut) say("numbers are lower bounds: the window holds more than is read at once");
  for (const layer of card.layers) {
    say("");
    showLayer(layer, printer, say);
  }
  say("");
  showTiers(card, printer, say);
  say("");
  showTotals(card, say);
}

function showLayer(layer: LayerView, printer: Printer, say: (text: string) => void): void {
  const { previous, change } = layer.trend;
  const was = change === 0 ? `as before` : `was ${previous}`;
  say(
    `${layer.layer} ${layer.title}: level ${layer.level} (${was}), limited by ${layer.limiting}; ${coverage(layer.coverage)}`,
  );
  const limiting = layer.indicators.find(({ id }) => id === layer.limiting);
  if (limiting !== undefined) say(`  ${limiting.said}`);
  for (const { level, why } of layer.capped_by) say(`  at most ${level}: ${why}`);
  if (layer.next !== null) say(`  for level ${layer.next.level}: ${layer.next.do}`);
  const judged = [...layer.indicators].sort((left, right) => rank(left) - rank(right));
  const limitingFirst = [
    ...judged.filter(({ id }) => id === layer.limiting),
    ...judged.filter(({ id }) => id !== layer.limiting),
  ];
  printer.table(limitingFirst, [
    { head: "  indicator", cell: ({ id }) => `  ${id}` },
    { head: "level", cell: ({ level }) => level ?? "-" },
    {
      head: "of",
      cell: ({ numbers }) =>
        numbers === null ? "-" : `${numbers.numerator}/${numbers.denominator}`,
    },
    { head: "counted by", cell: ({ numbers }) => numbers?.denominator_source ?? "-" },
    { head: "observed", cell: ({ grades }) => grades.observed },
    { head: "what it says", cell: ({ said }) => said, widthMax: 100 },
  ]);
}

/** What was not judged comes last. */
function rank({ level }: IndicatorView): number {
  return level ?? 5;
}

function showTiers(card: Scorecard, printer: Printer, say: (text: string) => void): void {
  say("Actions by tier: under the policy used, and under what came with the product");
  const rows = card.tiers.used.map((used) => ({
    used,
    shipped: card.tiers.shipped.find(({ tier }) => tier === used.tier),
  }));
  printer.table(rows, [
    { head: "  tier", cell: ({ used }) => `  T${used.tier}` },
    { head: "actions", cell: ({ used }) => used.actions },
    { head: "shipped", cell: ({ shipped }) => shipped?.actions ?? 0 },
    { head: "executed", cell: ({ used }) => used.executed },
    { head: "refused", cell: ({ used }) => used.refused },
    { head: "approved", cell: ({ used }) => used.approved },
    {
      head: "allowed by",
      cell: ({ used }) =>
        Object.entries(used.by)
          .filter(([, count]) => count > 0)
          .map(([kind, count]) => `${kind} ${count}`)
          .join(", "),
    },
  ]);
  if (card.tiers.loosened > 0) {
    say(`  ${card.tiers.loosened} of them the shipped default would have judged more strictly`);
  }
}

function showTotals({ approvals, flows, anchors }: Scorecard, say: (text: string) => void): void {
  const { bypass_sessions: bypass } = approvals;
  say(
    `People decided ${approvals.decided} times and refused ${approvals.denied}; median ${approvals.timed === 0 ? "unknown" : `${approvals.median_ms} ms`}, ${percent(approvals.hasty_share)} faster than half a second`,
  );
  say(
    `Sessions that ask nobody: ${bypass.unwaived} without a waiver, ${bypass.waived} with one; standing grants: ${approvals.grants} used, ${approvals.stale_grants} stale`,
  );
  say(
    `Observed flows: ${flows.explained} explained, ${flows.weak} by time alone, ${flows.none} unexplained; ${flows.denied} denied`,
  );
  say(`Anchor: ${anchors.said}`);
}

function percent(share: number | null): string {
  return share === null ? "nobody knows how many" : `${Math.round(share * 100)} %`;
}

function coverage(of: Scorecard["overall"]["coverage"]): string {
  return of === "unknown"
    ? "coverage unknown: nobody named who should report"
    : `${of.heard} of ${of.expected} that should report were heard`;
}

function second(time: string): string {
  return `${time.slice(0, 19)}Z`;
}
