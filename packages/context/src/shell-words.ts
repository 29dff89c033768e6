import { contextLimits } from "./limits.ts";

/** One simple command of a shell text, as far as its words can be known without running it. */
export interface ShellCommand {
  readonly words: string[];
  /** Targets of `>` and `>>`. */
  readonly writes: string[];
  /** The command whose output this one reads through a pipe. */
  readonly pipedFrom: number | undefined;
  /** The command that this one's output is substituted into. */
  readonly inside: number | undefined;
}

const nestingMax = 32;

interface Frame {
  readonly close: ")" | "`";
  readonly current: number;
  readonly word: string;
  readonly inWord: boolean;
  readonly doubled: boolean;
}

/**
 * Splits hostile shell text into commands and words in one pass: quotes, escapes, pipes, lists, redirections, substitutions,
 * comments and here-documents (skipped). It expands nothing: a variable, a glob or a script file hides what it stands for.
 */
export function shellCommands(text: string): readonly ShellCommand[] {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  readonly #commands: ShellCommand[] = [];
  readonly #frames: Frame[] = [];
  readonly #documents: string[] = [];
  #at = 0;
  #current = 0;
  #word = "";
  #inWord = false;
  #doubled = false;
  #pending: "none" | "write" | "document" = "none";

  constructor(text: string) {
    this.#text = text;
    this.#open(undefined, undefined);
  }

  read(): readonly ShellCommand[] {
    while (this.#at < this.#text.length && this.#commands.length < contextLimits.commandsMax)
      this.#step();
    this.#endWord();
    return this.#commands;
  }

  #open(pipedFrom: number | undefined, inside: number | undefined): void {
    this.#commands.push({ words: [], writes: [], pipedFrom, inside });
    this.#current = this.#commands.length - 1;
  }

  #step(): void {
    const unit = this.#text.charAt(this.#at);
    const next = this.#text.charAt(this.#at + 1);
    if (unit === "\\") this.#escape(next);
    else if (unit === '"') this.#quote();
    else if (unit === "`") this.#backtick();
    else if (unit === "$" && next === "(") this.#nest(2, ")", this.#current);
    else if (this.#doubled) this.#add(unit);
    else if (unit === "'") this.#single();
    else if (unit === "\n" || unit === ";") this.#list(1);
    else if (unit === " " || unit === "\t" || unit === "\r") this.#blank();
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
    this.#inWord ||= next !== "\n";
    this.#at += 2;
  }

  #quote(): void {
    this.#doubled = !this.#doubled;
    this.#inWord = true;
    this.#at++;
  }

  #single(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    const stop = end < 0 ? this.#text.length : end;
    this.#word += this.#text.slice(this.#at + 1, stop);
    this.#inWord = true;
    this.#at = stop + 1;
  }

  #blank(): void {
    this.#endWord();
    this.#at++;
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
      this.#nest(2, ")", this.#current);
      return;
    }
    this.#endWord();
    if (next === "<" && this.#text[this.#at + 2] !== "<") {
      this.#pending = "document";
      this.#at += this.#text[this.#at + 2] === "-" ? 3 : 2;
    } else this.#at += next === "<" ? 3 : 1;
  }

  #backtick(): void {
    if (this.#frames.at(-1)?.close === "`") this.#unnest("`");
    else this.#nest(1, "`", this.#current);
  }

  #nest(units: number, close: ")" | "`", inside: number | undefined): void {
    if (this.#frames.length >= nestingMax) {
      this.#at += units;
      return;
    }
    this.#frames.push({
      close,
      current: this.#current,
      word: this.#word,
      inWord: this.#inWord,
      doubled: this.#doubled,
    });
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
    // What a substitution yields is unknown, but there is a word.
    this.#inWord = frame.inWord;
    this.#doubled = frame.doubled;
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
  }

  #endWord(): void {
    if (!this.#inWord) return;
    const word = this.#word;
    const command = this.#commands[this.#current];
    this.#dropWord();
    if (this.#pending === "write") {
      // `>&1` and `>&-` write no file.
      if (!/^[0-9-]$/.test(word)) command?.writes.push(word);
    } else if (this.#pending === "document") this.#documents.push(word);
    else command?.words.push(word);
    this.#pending = "none";
  }

  #skipDocuments(): void {
    for (const word of this.#documents.splice(0)) {
      this.#at = documentEnd(this.#text, this.#at, word);
    }
  }
}

/** The unit after the line that ends a here-document; the end of the text where no line does. */
function documentEnd(text: string, from: number, word: string): number {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    if (end - at <= word.length + 64 && text.slice(at, end).trim() === word) return end + 1;
    at = end + 1;
  }
  return text.length;
}
