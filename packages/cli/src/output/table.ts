export interface ColumnOf<T> {
  readonly head: string;
  readonly cell: (row: T) => string | number | null;
  /** Cut at this many characters, with an ellipsis. */
  readonly widthMax?: number;
}

/** Plain columns. What agents wrote is stripped of control characters, so that it cannot drive a terminal. */
export function table<T>(
  rows: readonly T[],
  columns: readonly ColumnOf<T>[],
  widthMax: number,
): string[] {
  const cells = rows.map((row) =>
    columns.map(({ cell, widthMax: max = 60 }) => cut(printable(String(cell(row) ?? "-")), max)),
  );
  const lines = [columns.map(({ head }) => head), ...cells];
  const widths = columns.map((_, at) =>
    Math.max(...lines.map((line) => [...(line[at] ?? "")].length)),
  );
  return lines.map((line) =>
    cut(
      line
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
      Math.max(widthMax, 80),
    ),
  );
}

const control = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of a record on a terminal: control and direction characters are shown as a middle dot. */
export function printable(text: string): string {
  return text.replace(control, "·");
}

function cut(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}
