import type { DrawnSample } from "@custody/verify";
import type { Catalogue } from "./catalogue.ts";
import { gradeSentence } from "./grade-line.ts";
import { agentText, escaped, list, page, table } from "./html.ts";
import { limits } from "./limits.ts";
import { type Overlay, overlayDigest } from "./overlay.ts";
import type { ControlRun, Run } from "./run-controls.ts";

export interface NarrativeInput {
  readonly run: Run;
  readonly control: ControlRun;
  readonly catalogue: Catalogue;
  readonly overlay: Overlay;
  readonly drawn: DrawnSample;
  readonly anchors: number;
}

/** The page of one control: what is known, in which way, and what could not be seen stand before the result. */
export function narrativePage(input: NarrativeInput): string {
  const { control: tested, run } = input;
  const { control } = tested;
  return page(`${control.id} ${control.title}`, [
    `<p class="first">${escaped(anchorSentence(input.anchors))}</p>`,
    `<h1>${escaped(control.id)} ${escaped(control.title)}</h1>`,
    "<h2>How much is observed, reported, derived and inferred</h2>",
    `<p>${escaped(gradeSentence(run.classes))}</p>`,
    "<h2>What could not be seen</h2>",
    list(run.blindSpots),
    "<h2>Anchor</h2>",
    `<p>${escaped(anchorSentence(input.anchors))}</p>`,
    ...statement(tested),
    ...results(tested),
    ...exceptionRows(tested),
    ...limitations(tested),
    ...references(input),
    "<h2>Management response</h2>",
    table(["Response", "Name", "Date"], [["", "", ""]]),
  ]);
}

export function anchorSentence(anchors: number): string {
  return anchors === 0
    ? "No anchor outside the operator's control exists: the operator could have rebuilt the log before this export."
    : `${anchors} anchors outside the operator's control exist.`;
}

function statement({ control }: ControlRun): string[] {
  return [
    "<h2>Control statement</h2>",
    `<p>${escaped(control.statement)}</p>`,
    `<p>SOC 2 criteria it bears on: ${escaped(control.soc2.join(", "))}. ${escaped(control.nature)}, severity ${escaped(control.severity)}.</p>`,
    "<h2>Test performed</h2>",
    `<p>${escaped(control.test)}</p>`,
    table(
      ["", ""],
      [
        ["Population", control.population.unit],
        ["Filter", control.population.filter],
        ...Object.entries(control.attributes).map(([letter, text]) => [
          `Attribute ${letter}`,
          text,
        ]),
      ],
    ),
  ];
}

/** "Tested N of N items": counts, and no opinion. */
function results({
  inScope,
  items,
  exceptions,
  result,
  codes,
  control,
  classRecords,
}: ControlRun): string[] {
  const found = Object.entries(codes).filter(([, count]) => count > 0);
  return [
    "<h2>Result</h2>",
    `<p><strong>${escaped(result.state)}</strong>. Tested ${inScope} of ${inScope} items in scope; ${exceptions.length} exceptions. ${items.length - inScope} further items are listed as out of scope. The range holds ${classRecords} records of the population's classes.</p>`,
    ...(result.unableBecause.length === 0
      ? []
      : ["<p>It could not be tested because:</p>", list(result.unableBecause)]),
    ...(found.length === 0
      ? []
      : [
          table(
            ["Code", "Meaning", "Exceptions"],
            found.map(([code, count]) => [code, control.codes[code] ?? "", count]),
          ),
        ]),
  ];
}

function exceptionRows({ exceptions, control }: ControlRun): string[] {
  if (exceptions.length === 0) return [];
  const shown = exceptions.slice(0, limits.printedExceptionsMax);
  const rest = exceptions.length - shown.length;
  return [
    "<h2>Exceptions</h2>",
    table(
      ["Leaf", "Item", "Codes", ...control.columns],
      shown.map(({ place, item, codes, columns }) => [
        place?.leaf ?? "",
        item,
        codes.join(" "),
        ...columns,
      ]),
      agentText,
    ),
    ...(rest > 0 ? [`<p>${rest} more are in exceptions.csv.</p>`] : []),
  ];
}

function limitations({ control, result, notReconciled }: ControlRun): string[] {
  const lines = [
    control.limits,
    ...(result.scopeLimitation
      ? ["Scope limitation: gaps in sources' own numbering are open in this period."]
      : []),
    ...(notReconciled.length > 0
      ? [`Reconciliations this control relies on that did not run: ${notReconciled.join(", ")}.`]
      : []),
    ...(control.external.length > 0
      ? [`Sources outside Custody to compare with: ${control.external.join("; ")}.`]
      : []),
  ];
  return ["<h2>Limits</h2>", list(lines)];
}

function references({ run, control, catalogue, overlay, drawn }: NarrativeInput): string[] {
  const { period, scope } = run;
  const { approvals } = overlay;
  return [
    "<h2>References</h2>",
    table(
      ["", ""],
      [
        ["Period", `${period.start} to ${period.end}${period.interim ? " (interim)" : ""}`],
        ["Ledger", scope.ledger],
        ["Leaves", `${scope.from} to ${scope.to}, seals at both ends`],
        ["Catalogue", `${catalogue.id} ${catalogue.version}, ${catalogue.digest}`],
        ["Overlay", `${overlayDigest(overlay)}: ${JSON.stringify(approvals)}`],
        ["Query", "query.sql with params.json; records/ holds the rows it read"],
        [
          "Sample",
          `${drawn.items.length} items by hash rank; the seed was chosen by the exporter. An auditor chooses items of population.csv themselves.`,
        ],
        ["Control version", control.control.version],
      ],
    ),
  ];
}
