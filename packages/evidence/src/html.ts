import { limits } from "./limits.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Our own text, made safe for an element. */
export function escaped(text: string | number): string {
  return String(text).replace(/[&<>"']/g, (char) => escapes[char] ?? "");
}

/** Agents' words are hostile: cut, escaped, and without characters that turn the reading direction or hide. */
export function agentText(value: string | number): string {
  const whole = String(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");
  const points = [...whole];
  return points.length > limits.cellCharsMax
    ? `${escaped(points.slice(0, limits.cellCharsMax).join(""))}… (cut)`
    : escaped(whole);
}

type Cell = string | number;

export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  cellText: (cell: Cell) => string = escaped,
): string {
  const row = (tag: "th" | "td", cells: readonly Cell[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cellText(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${row("th", head)}${rows.map((cells) => row("td", cells)).join("")}</table>`;
}

export function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`;
}

const style =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}table{border-collapse:collapse;margin:.5rem 0;font-size:13px}th,td{border:1px solid #bbb;padding:.2rem .5rem;text-align:left;vertical-align:top;word-break:break-word}th{background:#eee}.first{font-weight:600;border-left:4px solid #a40;padding-left:.7rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.6rem}code{font-size:12px;word-break:break-all}";

/** One page that loads nothing and runs nothing. `body` is made by the functions above. */
export function page(title: string, body: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title><style>${style}</style></head><body>`,
    ...body,
    "</body></html>",
    "",
  ].join("\n");
}
