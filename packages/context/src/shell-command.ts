/** One simple command of a shell text, as far as its words can be known without running it. */
export interface ShellCommand {
  readonly words: string[];
  /** Targets of `>` and `>>`. */
  readonly writes: string[];
  /** The command whose output this one reads through a pipe. */
  readonly pipedFrom: number | undefined;
  /** The command that this one's output is substituted into. */
  readonly inside: number | undefined;
  /** What a here-document, a here-string or a process substitution of known text hands it. */
  readonly input: string | undefined;
  /** Which program it is stands in something that only a run would tell. */
  readonly hidden: boolean;
}

export interface OpenCommand extends ShellCommand {
  input: string | undefined;
  hidden: boolean;
  /** Its program stands; before that come assignments alone. */
  named: boolean;
}

export interface Frame {
  readonly close: ")" | "`";
  readonly current: number;
  /** Its own first command. */
  readonly first: number;
  readonly process: boolean;
  readonly word: string;
  readonly inWord: boolean;
  readonly doubled: boolean;
  readonly pending: Pending;
}

/** What the next word of a command is. */
export type Pending = "none" | "write" | "document" | "text";
export function openCommand(
  pipedFrom: number | undefined,
  inside: number | undefined,
): OpenCommand {
  const known = { input: undefined, hidden: false, named: false };
  return { words: [], writes: [], pipedFrom, inside, ...known };
}

export /** A here-document's text, and the unit after the line that ends it; the end of the text where no line does. */
function documentAt(
  text: string,
  from: number,
  word: string,
): { readonly body: string; readonly end: number } {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    if (end - at <= word.length + 64 && text.slice(at, end).trim() === word)
      return { body: text.slice(from, at), end: end + 1 };
    at = end + 1;
  }
  return { body: text.slice(from), end: text.length };
}
