import { ansiText } from "./shell-expansion.ts";

/** As much of a command as what it prints depends on. */
interface Printing {
  readonly words: readonly string[];
  readonly pipedFrom: number | undefined;
  readonly input: string | undefined;
}

/** What a text may come to on its way through a pipe, in UTF-16 units. */
const outputUnitsMax = 8_192;
const stagesMax = 8;

/**
 * What the last of some commands prints, where their words alone tell it: text that is said, decoded, turned round or handed on. Undefined of everything
 * else. `offset` is the index that the first of them has in the list that `pipedFrom` counts in.
 */
export function outputOf(commands: readonly Printing[], offset: number): string | undefined {
  const last = commands.findLast(({ words }) => words.length > 0);
  return last && printed(last, commands, offset, 0);
}

/** What comes to a command through its pipe, or is handed to it. */
export function inputOf(
  command: Printing,
  commands: readonly Printing[],
  offset: number,
  stage = 0,
): string | undefined {
  if (command.input !== undefined) return command.input;
  if (command.pipedFrom === undefined) return undefined;
  const from = commands[command.pipedFrom - offset];
  return from && printed(from, commands, offset, stage + 1);
}

function printed(
  command: Printing,
  commands: readonly Printing[],
  offset: number,
  stage: number,
): string | undefined {
  if (stage > stagesMax) return undefined;
  const [name = "", ...words] = command.words;
  const known = remembered.get(command);
  if (known !== undefined) return known.text;
  const filter = filters.get(name);
  const input = filter && inputOf(command, commands, offset, stage);
  const text = input === undefined ? sayers.get(name)?.(words) : filter?.(input, words);
  remembered.set(command, { text: text?.slice(0, outputUnitsMax) });
  return text?.slice(0, outputUnitsMax);
}

/** Each stage of a long pipe is asked by the next one; once is enough. */
const remembered = new WeakMap<Printing, { readonly text: string | undefined }>();

type Sayer = (words: readonly string[]) => string | undefined;

const sayers: ReadonlyMap<string, Sayer> = new Map(
  Object.entries({
    echo: (words) => {
      const flags = words.findIndex((word) => !/^-[neE]+$/.test(word));
      const text = (flags < 0 ? [] : words.slice(flags)).join(" ");
      const escaped = words.slice(0, Math.max(flags, 0)).some((flag) => flag.includes("e"));
      return `${escaped ? ansiText(text, 0, "").text : text}\n`;
    },
    printf: ([format = "", ...values]) => {
      let at = 0;
      const text = ansiText(format, 0, "").text;
      return text.replace(/%[sb]/g, () => values[at++] ?? "").replaceAll("%%", "%");
    },
    which: ([program]) => program,
    command: ([flag, program]) => (flag === "-v" ? program : undefined),
  } satisfies Readonly<Record<string, Sayer>>),
);

type Filter = (text: string, words: readonly string[]) => string | undefined;

const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries({
    cat: (text, words) => (words.every((word) => word === "-") ? text : undefined),
    tee: (text) => text,
    base64: (text, words) =>
      words.some((word) => /^(?:-d|-D|-di|--decode)$/.test(word)) ? decoded(text) : undefined,
    openssl: (text, words) =>
      words.includes("-d") && words.some((word) => word === "base64" || word === "-base64")
        ? decoded(text)
        : undefined,
    xxd: (text, words) =>
      words.some((word) => /^-\w*r/.test(word)) ? fromHex(text.replace(/\s/g, "")) : undefined,
    rev: (text) =>
      text
        .split("\n")
        .map((line) => [...line].reverse().join(""))
        .join("\n"),
    tr: (text, [from, to]) =>
      from === undefined || to === undefined || from.startsWith("-")
        ? undefined
        : translated(text, spelled(from), spelled(to)),
  } satisfies Readonly<Record<string, Filter>>),
);

function decoded(text: string): string | undefined {
  const bare = text.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare) || bare.replace(/=+$/, "").length % 4 === 1)
    return undefined;
  return atob(bare.replace(/=+$/, ""));
}

function fromHex(text: string): string | undefined {
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text)) return undefined;
  return text.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

/** `a-c` is `abc`. */
function spelled(set: string): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < set.length && out.length < 512; at++) {
    const [from, to] = [set.charCodeAt(at), set.charCodeAt(at + 2)];
    if (set[at + 1] === "-" && to >= from) {
      for (let code = from; code <= to && out.length < 512; code++)
        out.push(String.fromCharCode(code));
      at += 2;
    } else out.push(set.charAt(at));
  }
  return out;
}

function translated(text: string, from: readonly string[], to: readonly string[]): string {
  const map = new Map(from.map((one, index) => [one, to[index] ?? to.at(-1) ?? one] as const));
  return [...text].map((unit) => map.get(unit) ?? unit).join("");
}
