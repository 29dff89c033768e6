import { codeWords } from "./code-words.ts";
import { handedWords } from "./handed-words.ts";

/** What a program would run that stands in its own words or comes to it: texts of a shell, and commands as words. */
export interface Inner {
  readonly scripts: readonly string[];
  readonly argv: readonly (readonly string[])[];
  /** It runs what nobody can read here. */
  readonly unread: boolean;
}

export interface Runner {
  readonly program: string;
  readonly words: readonly string[];
  /** What is handed to it or comes through its pipe, where known. */
  readonly input: string | undefined;
  readonly isPiped: boolean;
  /** The text of a file that was written before, by the name the words give it. */
  fileOf(path: string): string | undefined;
}

const nothing: Inner = { scripts: [], argv: [], unread: false };
const unread: Inner = { ...nothing, unread: true };
const scripted = (...scripts: readonly string[]): Inner => ({ ...nothing, scripts });
const coded = (text: string): Inner => ({ ...codeWords(text), unread: false });

export function innerOf(runner: Runner): Inner {
  const reader = readers.get(runner.program) ?? readers.get(withoutVersion(runner.program));
  return reader?.(runner) ?? nothing;
}

/** `python3.12` is `python`. */
export function withoutVersion(program: string): string {
  return program.replace(/[0-9.-]+$/, "");
}

type Reader = (runner: Runner) => Inner;

function shell({ words, input, isPiped, fileOf }: Runner): Inner {
  const flag = words.findIndex((word) => /^-[abd-z]*c[a-z]*$/.test(word));
  if (flag >= 0) return scripted(words[flag + 1] ?? "");
  const file = words.find((word) => !word.startsWith("-") && !word.startsWith("+"));
  if (file !== undefined) {
    const text = fileOf(file);
    return text === undefined ? nothing : scripted(text);
  }
  if (input !== undefined) return scripted(input);
  return isPiped ? unread : nothing;
}

/** An interpreter: code behind a flag, in a file that was written before, or handed to it. */
function interpreter(flags: readonly string[]): Reader {
  return ({ words, input, isPiped, fileOf }) => {
    const flag = words.findIndex(
      (word) =>
        flags.includes(word) || flags.some((one) => one.length === 2 && isCluster(word, one)),
    );
    if (flag >= 0) return coded(words.slice(flag + 1, flag + 2).join(""));
    const file = words.find((word) => !word.startsWith("-"));
    if (file !== undefined) {
      const text = fileOf(file);
      return text === undefined ? nothing : coded(text);
    }
    if (input !== undefined) return coded(input);
    return isPiped ? unread : nothing;
  };
}

/** `-ne` is `-n -e`; a long flag is none. */
function isCluster(word: string, flag: string): boolean {
  return /^-[A-Za-z]{2,6}$/.test(word) && word.endsWith(flag.slice(1));
}

function after(words: readonly string[], ...names: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => names.includes(word));
  return at < 0 ? [] : words.slice(at + 1);
}

function find({ words }: Runner): Inner {
  const inner = after(words, "-exec", "-execdir", "-ok", "-okdir");
  if (inner.length === 0) return nothing;
  const end = inner.findIndex((word) => word === ";" || word === "+");
  const root = words[0] ?? ".";
  const command = end < 0 ? inner : inner.slice(0, end);
  return { ...nothing, argv: [handedWords(command, root)] };
}

const gitCommandKeys =
  /(?:pager|sshcommand|editor|fsmonitor|external|textconv|askpass|helper|driver|proxycommand)$/i;

/** `-c key=value`: some values are commands, and an alias that begins with `!` is one. */
function git({ words }: Runner): Inner {
  const settings = words.flatMap((word, index) => (words[index - 1] === "-c" ? [word] : []));
  const scripts = settings.flatMap((setting) => {
    const equals = setting.indexOf("=");
    const [key, value] = [setting.slice(0, equals), setting.slice(equals + 1)];
    if (value.startsWith("!")) return [value.slice(1)];
    return gitCommandKeys.test(key) ? [value] : [];
  });
  return scripted(...scripts);
}

const sshValues = new Set(
  "-p -i -o -l -L -R -D -J -F -c -m -b -e -E -I -S -W -w -Q -B -O".split(" "),
);

function ssh({ words }: Runner): Inner {
  const operands: string[] = [];
  const options: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (operands.length === 0 && word.startsWith("-")) {
      if (sshValues.has(word)) options.push(words[++at] ?? "");
    } else operands.push(word);
  }
  const proxies = options.flatMap((option) => /^ProxyCommand=(.*)$/i.exec(option)?.[1] ?? []);
  return scripted(...proxies, operands.slice(1).join(" "));
}

/** The words behind an image or a container: a command begins at the first one that is no flag and no name of the two. */
function container({ words }: Runner): Inner {
  const rest = after(words, "exec", "run");
  const operands = rest.findIndex((word, at) => !word.startsWith("-") && !takesWord(rest[at - 1]));
  const command = operands < 0 ? [] : rest.slice(operands + 1);
  const [image = ""] = operands < 0 ? [] : rest.slice(operands);
  // An image is often called like the program it runs.
  const named = image.slice(image.lastIndexOf("/") + 1).split(":")[0] ?? "";
  return { ...nothing, argv: command.length === 0 ? [] : [command, [named, ...command]] };
}

const containerValues = new Set(
  "-v -e -w -u -p -h -l -m --name --volume --env --workdir --user --publish --network --entrypoint --mount --platform -n -c".split(
    " ",
  ),
);

function takesWord(flag: string | undefined): boolean {
  return flag !== undefined && containerValues.has(flag);
}

function powershell({ words }: Runner): Inner {
  const at = words.findIndex((word) => /^[-/](?:c|command|e|ec|enc|encodedcommand)$/i.test(word));
  if (at < 0) return nothing;
  const text = words.slice(at + 1).join(" ");
  if (!/^[-/]e/i.test(words[at] ?? "")) return scripted(text);
  try {
    return scripted(atob(text.trim()).replaceAll("\u0000", ""));
  } catch {
    // Words that are no base64 are run as something, and as what nobody can say.
    return unread;
  }
}

function editor({ words }: Runner): Inner {
  const commands = words.flatMap((word) => /^:?(?:r\s*)?!(.*)$/s.exec(word)?.[1] ?? []);
  return scripted(...commands);
}

/** What a database's client is handed is told as words of it. */
const statements: Reader = ({ input, words }) => ({
  ...codeWords(words.join("\n")),
  argv: input === undefined ? [] : [["sql", input]],
  unread: false,
});

/** The recipes of a file that was written before: which of them a target asks for is not worked out. */
const make: Reader = ({ fileOf }) => {
  const text = fileOf("Makefile") ?? fileOf("makefile") ?? fileOf("GNUmakefile") ?? "";
  const lines = text.split("\n").filter((line) => line.startsWith("\t"));
  return scripted(lines.map((line) => line.replace(/^\t[@+-]*/, "")).join("\n"));
};

/** `npm exec -c`, and a script of a file that was written before. */
const npm: Reader = ({ words, fileOf }) => {
  const called = after(words, "-c", "--call")[0] ?? "";
  const named = after(words, "run", "run-script")[0] ?? words[0] ?? "";
  const scripts = /"scripts"\s*:\s*\{([^{}]*)\}/.exec(fileOf("package.json") ?? "")?.[1] ?? "";
  const lines = scripts
    .split(/,(?=\s*")/)
    .map((line) => /^\s*"([^"]*)"\s*:\s*"(.*)"\s*$/s.exec(line));
  const own = lines.find((line) => line?.[1] === named)?.[2] ?? "";
  return scripted(called, own.replaceAll('\\"', '"'));
};

const said: Reader = ({ input, isPiped }) =>
  input !== undefined ? scripted(input) : isPiped ? unread : nothing;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...["sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "source", "."].map(
    (name) => [name, shell] as const,
  ),
  ["eval", ({ words }) => scripted(words.join(" "))],
  ["su", ({ words }) => scripted(after(words, "-c", "--command")[0] ?? "")],
  ["runuser", ({ words }) => scripted(after(words, "-c")[0] ?? "")],
  [
    "script",
    ({ words }) =>
      scripted(
        words.flatMap((word, at) => (/^-\w*c$/.test(words[at - 1] ?? "") ? [word] : [])).join(";"),
      ),
  ],
  ["python", interpreter(["-c"])],
  ["node", interpreter(["-e", "-p", "--eval", "--print", "-pe"])],
  ["nodejs", interpreter(["-e", "-p", "--eval"])],
  ["bun", interpreter(["-e", "--eval"])],
  ["deno", interpreter(["eval"])],
  ["perl", interpreter(["-e", "-E"])],
  ["ruby", interpreter(["-e"])],
  ["php", interpreter(["-r"])],
  ["lua", interpreter(["-e"])],
  ["osascript", interpreter(["-e"])],
  ...["awk", "gawk", "mawk"].map(
    (name) =>
      [name, ({ words }: Runner) => coded(words.find((word) => word.includes("{")) ?? "")] as const,
  ),
  ["find", find],
  ["git", git],
  ["ssh", ssh],
  ...["docker", "podman", "kubectl"].map((name) => [name, container] as const),
  ...["pwsh", "powershell"].map((name) => [name, powershell] as const),
  ["cmd", ({ words }) => ({ ...nothing, argv: [after(words, "/c", "/C", "/k")] })],
  ...["vim", "vi", "nvim", "ex", "ed"].map((name) => [name, editor] as const),
  ["at", said],
  ["batch", said],
  ["crontab", ({ input }) => scripted((input ?? "").replace(/^(?:\S+\s+){5}/gm, ""))],
  ...["psql", "mysql", "mariadb", "sqlite3", "mongosh", "mongo"].map(
    (name) => [name, statements] as const,
  ),
  ["make", make],
  ["gmake", make],
  ["npm", npm],
  ["pnpm", npm],
  ["yarn", npm],
  ["npx", ({ words }) => scripted(after(words, "-c", "--call")[0] ?? "")],
  [
    "tar",
    ({ words }) =>
      scripted(
        ...words.flatMap(
          (word) => /^--(?:checkpoint-action=exec|to-command)=(.*)$/s.exec(word)?.[1] ?? [],
        ),
      ),
  ],
]);
