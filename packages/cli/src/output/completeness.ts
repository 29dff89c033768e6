import type { CompletenessView } from "@custody/query-api";
import type { Printer } from "./printer.ts";
import { printable } from "./table.ts";

/** Completeness as a person reads it: who is silent, what is missing, what does not fit, and what nobody could have seen. */
export function showCompleteness(told: CompletenessView, printer: Printer): void {
  const say = (text: string): void => printer.line(printable(text));
  const { coverage, silent, gaps, downtime } = told;
  say(
    coverage === "unknown"
      ? "coverage unknown: nobody named who should report"
      : `${coverage.heard} of ${coverage.expected} that should report were heard`,
  );
  for (const one of silent) {
    const where = one.device === null ? "" : ` on ${one.device}`;
    const seen =
      one.elsewhere === null
        ? ""
        : `; observers saw it ${one.elsewhere.things} times, last at ${second(one.elsewhere.last_at)}`;
    say(`SILENT  ${one.kind} ${one.id}${where}${seen}`);
  }
  say("");
  showSources(told, printer);
  say("");
  say(`Gaps: ${gaps.open} open (${gaps.missing} records missing), ${gaps.closed} closed`);
  for (const gap of gaps.items.filter(({ status }) => status === "open").slice(0, 20)) {
    say(`  ${gap.source}: ${gap.from} to ${gap.to}, ${gap.cause}, seen ${second(gap.seen_at)}`);
  }
  say(
    `Downtime of the collector: ${downtime.spans.length} times, ${Math.round(downtime.total_ms / 1000)} s`,
  );
  say("");
  printer.table(told.reconciliations, [
    { head: "held against each other", cell: ({ id, title }) => `${id} ${title}`, widthMax: 90 },
    { head: "left", cell: ({ left }) => left },
    { head: "right", cell: ({ right }) => right },
    { head: "matched", cell: ({ matched }) => matched },
    { head: "residual", cell: ({ residual }) => residual },
  ]);
  say("");
  say("What cannot be seen here");
  for (const sentence of told.unseen) say(`  ${sentence}`);
}

function showSources({ sources }: CompletenessView, printer: Printer): void {
  printer.table(sources, [
    { head: "source", cell: ({ kind, subject }) => `${kind} ${subject}`, widthMax: 40 },
    { head: "agent", cell: ({ agent, version }) => [agent, version].filter(Boolean).join(" ") },
    {
      head: "expected",
      cell: ({ expected }) => (expected === null ? "-" : expected ? "yes" : "NO"),
    },
    { head: "last heard", cell: ({ last_at }) => second(last_at) },
    { head: "records", cell: ({ records }) => records },
    { head: "gaps", cell: ({ gaps_open }) => gaps_open },
    { head: "dropped", cell: ({ dropped }) => dropped },
    { head: "unclean", cell: ({ unclean_sessions }) => unclean_sessions },
    { head: "opaque", cell: ({ opaque }) => opaque },
    { head: "clock ms", cell: ({ clock_offset_ms_max }) => clock_offset_ms_max },
    { head: "silent", cell: ({ silent }) => (silent ? "SILENT" : "") },
  ]);
}

function second(time: string): string {
  return `${time.slice(0, 19)}Z`;
}
