/** A variable's place in a text: its name, and the unit after it. */
export interface Expansion {
  readonly name: string;
  readonly end: number;
}

const nameUnitsMax = 128;
const special = /^[@*#?$!0-9-]/;
const named = /^[A-Za-z_][A-Za-z0-9_]{0,127}/;

/** The variable at a dollar; undefined where none is named. Of `${x:-y}` and the like the name alone is known, and stands for nothing. */
export function variableAt(text: string, at: number): Expansion | undefined {
  const braced = text[at + 1] === "{";
  const from = at + (braced ? 2 : 1);
  const window = text.slice(from, from + nameUnitsMax);
  const name = named.exec(window)?.[0] ?? special.exec(window)?.[0];
  if (!braced) return name === undefined ? undefined : { name, end: from + name.length };
  const close = window.indexOf("}");
  if (close < 0) return undefined;
  return { name: name?.length === close ? name : "", end: from + close + 1 };
}

const letters: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Text with the escapes of `$'…'` and `printf`, up to the quote that ends it. */
export function ansiText(
  text: string,
  from: number,
  close = "'",
): { readonly text: string; readonly end: number } {
  let out = "";
  let at = from;
  while (at < text.length && (close === "" || text[at] !== close)) {
    if (text[at] !== "\\") {
      out += text[at];
      at++;
      continue;
    }
    const coded = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|0?([0-7]{1,3}))/.exec(
      text.slice(at, at + 8),
    );
    if (coded) {
      const [whole, hex, unicode, octal] = coded;
      const digits = hex ?? unicode;
      out += String.fromCharCode(
        digits === undefined ? Number.parseInt(octal ?? "0", 8) : Number.parseInt(digits, 16),
      );
      at += whole.length;
    } else {
      const next = text[at + 1] ?? "";
      out += letters[next] ?? next;
      at += 2;
    }
  }
  return { text: out, end: at + close.length };
}
