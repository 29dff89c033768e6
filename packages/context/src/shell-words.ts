import { withoutLast } from "./last-units.ts";
import { contextLimits } from "./limits.ts";
import {
  documentAt,
  type Frame,
  type OpenCommand,
  openCommand,
  type Pending,
  type ShellCommand,
} from "./shell-command.ts";
import { ansiText, type Expansion, variableAt } from "./shell-expansion.ts";
import { createVariables } from "./shell-variables.ts";
import { outputOf } from "./static-output.ts";

const nestingMax = 32;

/**
 * Splits hostile shell text into commands and words in one pass: quotes, escapes, pipes, lists, redirections, substitutions,
 * comments and here-documents. What the text itself says of a variable or a substitution stands in its place; of the rest nobody knows, and where that
 * is the program, the command is `hidden`.
 */
export function shellCommands(text: string): readonly ShellCommand[] {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  readonly #commands: OpenCommand[] = [openCommand(undefined, undefined)];
  readonly #frames: Frame[] = [];
  readonly #documents: { readonly word: string; readonly command: number }[] = [];
  readonly #variables = createVariables();
  #at = 0;
  #current = 0;
  #word = "";
  #inWord = false;
  #doubled = false;
  #quoted = false;
  #unknown = false;
  #pending: Pending = "none";

  constructor(text: string) {
    this.#text = text;
  }

  read(): readonly ShellCommand[] {
    while (this.#at < this.#text.length && this.#commands.length < contextLimits.commandsMax)
      this.#step();
    this.#endWord();
    return this.#commands;
  }

  #open(pipedFrom: number | undefined, inside: number | undefined): void {
    this.#commands.push(openCommand(pipedFrom, inside));
    this.#current = this.#commands.length - 1;
  }

  #step(): void {
    const unit = this.#text.charAt(this.#at);
    const next = this.#text.charAt(this.#at + 1);
    if (unit === "\\") this.#escape(next);
    else if (unit === '"') this.#quote();
    else if (unit === "`") this.#backtick();
    else if (unit === "$" && next === "(") this.#nest(2, ")", this.#current);
    else if (unit === "$") this.#dollar(next);
    else if (this.#doubled) this.#add(unit);
    else if (unit === "'") this.#single();
    else if (unit === "\n" || unit === ";") this.#list(1);
    else if (unit === " " || unit === "\t" || unit === "\r") this.#endWord(1);
    else if (unit === "|") this.#pipe(next);
    else if (unit === "&") this.#and(next);
    else if (unit === ">") this.#redirect(next);
    else if (unit === "<") this.#input(next);
    else if (unit === "(") this.#nest(1, ")", undefined);
    else if (unit === ")") this.#unnest(")");
    else if (unit === "#" && !this.#inWord) this.#comment();
    else this.#add(unit);
  }

  #add(unit: string): void {
    this.#word += unit;
    this.#inWord = true;
    this.#at++;
  }

  #escape(next: string): void {
    if (next !== "\n") this.#word += next;
    this.#quoted = true;
    this.#inWord ||= next !== "\n";
    this.#at += 2;
  }

  #quote(): void {
    this.#doubled = !this.#doubled;
    this.#quoted = true;
    this.#inWord = true;
    this.#at++;
  }

  #single(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    const stop = end < 0 ? this.#text.length : end;
    this.#word += this.#text.slice(this.#at + 1, stop);
    this.#quoted = true;
    this.#inWord = true;
    this.#at = stop + 1;
  }

  #dollar(next: string): void {
    if (next === "'" && !this.#doubled) {
      const { text, end } = ansiText(this.#text, this.#at + 2);
      this.#word += text;
      this.#quoted = true;
      this.#inWord = true;
      this.#at = end;
      return;
    }
    const said = variableAt(this.#text, this.#at);
    if (said === undefined) this.#add("$");
    else this.#expand(said);
  }

  #expand({ name, end }: Expansion): void {
    const raw = this.#text.slice(this.#at, end);
    this.#at = end;
    const value = this.#variables.valueOf(name);
    if (value === undefined) {
      // What the environment says nobody knows: the name stands for itself.
      this.#word += raw;
      this.#inWord = true;
      this.#unknown ||= name !== "HOME";
    } else this.#insert(value);
  }

  /** Text that takes the place of an expansion: outside of quotes its blanks part words. */
  #insert(value: string): void {
    const pieces = this.#doubled ? [value] : value.split(/[ \t\n]/);
    pieces.forEach((piece, index) => {
      if (index > 0) this.#endWord();
      this.#word += piece;
      this.#inWord ||= piece !== "" || this.#doubled;
    });
  }

  #list(units: number): void {
    const newline = this.#text[this.#at] === "\n";
    this.#endCommand(undefined);
    this.#at += units;
    if (newline) this.#skipDocuments();
  }

  #pipe(next: string): void {
    if (next === "|") {
      this.#list(2);
      return;
    }
    this.#endWord();
    this.#open(this.#current, this.#commands[this.#current]?.inside);
    this.#at += next === "&" ? 2 : 1;
  }

  #and(next: string): void {
    if (next === ">") this.#at++;
    else this.#list(next === "&" ? 2 : 1);
  }

  #redirect(next: string): void {
    // `2>` names a descriptor, not a word.
    if (this.#word.length === 1 && this.#word >= "0" && this.#word <= "9") this.#dropWord();
    this.#endWord();
    this.#pending = "write";
    this.#at += next === ">" || next === "|" || next === "&" ? 2 : 1;
  }

  #input(next: string): void {
    if (next === "(") {
      this.#nest(2, ")", this.#current, true);
      return;
    }
    this.#endWord();
    if (next === "<" && this.#text[this.#at + 2] !== "<") {
      this.#pending = "document";
      this.#at += this.#text[this.#at + 2] === "-" ? 3 : 2;
    } else {
      if (next === "<") this.#pending = "text";
      this.#at += next === "<" ? 3 : 1;
    }
  }

  #backtick(): void {
    if (this.#frames.at(-1)?.close === "`") this.#unnest("`");
    else this.#nest(1, "`", this.#current);
  }

  #nest(units: number, close: ")" | "`", inside: number | undefined, process = false): void {
    if (this.#frames.length >= nestingMax) {
      this.#at += units;
      return;
    }
    this.#frames.push({
      close,
      current: this.#current,
      first: this.#commands.length,
      process,
      word: this.#word,
      inWord: this.#inWord,
      doubled: this.#doubled,
      pending: this.#pending,
    });
    this.#pending = "none";
    this.#dropWord();
    this.#doubled = false;
    this.#open(undefined, inside);
    this.#at += units;
  }

  #unnest(close: ")" | "`"): void {
    this.#endWord();
    this.#at++;
    if (this.#frames.at(-1)?.close !== close) return;
    const frame = this.#frames.pop();
    if (!frame) return;
    this.#current = frame.current;
    this.#word = frame.word;
    this.#inWord = frame.inWord;
    this.#doubled = frame.doubled;
    this.#pending = frame.pending;
    if (this.#commands[frame.first]?.inside === frame.current) this.#substitute(frame);
  }

  /** What the commands inside print stands in their place, where the text alone tells it. */
  #substitute({ first, process, current }: Frame): void {
    const output = outputOf(this.#commands.slice(first), first);
    const command = this.#commands[current];
    const known = output !== undefined && this.#variables.spend(output.length);
    if (known && process && command !== undefined) command.input = output;
    else if (known) this.#insert(withoutLast(output, "\n"));
    else {
      this.#inWord = true;
      this.#unknown ||= !process;
    }
  }

  #comment(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #endCommand(pipedFrom: number | undefined): void {
    this.#endWord();
    this.#pending = "none";
    if ((this.#commands[this.#current]?.words.length ?? 0) > 0) {
      this.#open(pipedFrom, this.#commands[this.#current]?.inside);
    }
  }

  #dropWord(): void {
    this.#word = "";
    this.#inWord = false;
    this.#quoted = false;
    this.#unknown = false;
  }

  /** `units` stand after the word and are no part of the next one. */
  #endWord(units = 0): void {
    this.#at += units;
    if (!this.#inWord) return;
    const word = this.#word;
    const [isQuoted, isUnknown] = [this.#quoted, this.#unknown];
    const command = this.#commands[this.#current];
    this.#dropWord();
    if (command === undefined) return;
    if (this.#pending === "write") {
      // `>&1` and `>&-` write no file.
      if (!/^[0-9-]$/.test(word)) command.writes.push(word);
    } else if (this.#pending === "document") this.#documents.push({ word, command: this.#current });
    else if (this.#pending === "text") command.input = `${word}\n`;
    else this.#addWord(command, word, isQuoted, isUnknown);
    this.#pending = "none";
  }

  #addWord(command: OpenCommand, word: string, isQuoted: boolean, isUnknown: boolean): void {
    const isFirst = !command.named;
    const assigned = isFirst && this.#variables.assign(word, isUnknown);
    if (isFirst && isUnknown && !assigned) command.hidden = true;
    command.named ||= !assigned;
    const braced = !isQuoted && isFirst && /^\{[^{},]+(?:,[^{},]*)+\}$/.test(word);
    for (const one of braced ? word.slice(1, -1).split(",") : [word]) command.words.push(one);
  }

  #skipDocuments(): void {
    for (const { word, command } of this.#documents.splice(0)) {
      const { body, end } = documentAt(this.#text, this.#at, word);
      const reader = this.#commands[command];
      if (reader !== undefined) reader.input = body;
      this.#at = end;
    }
  }
}
