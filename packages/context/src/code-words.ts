/** What the text of a program in another language would do, in the words of a shell. */
export interface CodeWords {
  readonly scripts: readonly string[];
  readonly argv: readonly (readonly string[])[];
}

const codeUnitsMax = 65_536;
const tokensMax = 8_192;
const argumentsMax = 32;

/** Functions that hand a text or words to a shell, by the last part of their names. */
const runs: ReadonlySet<string> = new Set(
  "system popen exec execsync spawn spawnsync execfile execfilesync run call check_call check_output getoutput getstatusoutput shell_exec passthru proc_open execvp execv $".split(
    " ",
  ),
);
/** Functions that remove what stands below a path. */
const removes: ReadonlySet<string> = new Set(
  "rmtree rmsync rm_rf rm_r removesync rmdirsync remove_tree remove_dir_all emptydirsync".split(
    " ",
  ),
);
const writes: ReadonlySet<string> = new Set(
  "write_text write_bytes writefile writefilesync appendfile appendfilesync file_put_contents createwritestream copyfile copyfilesync copy2 outputfile".split(
    " ",
  ),
);
const reads: ReadonlySet<string> = new Set(
  "read_text read_bytes readfile readfilesync file_get_contents createreadstream readlines slurp".split(
    " ",
  ),
);
/** Names that only code has which talks to the network. */
const networks: ReadonlySet<string> = new Set(
  "urlopen urlretrieve requests httpx aiohttp socket create_connection fetch xmlhttprequest axios fsockopen curl_init tcpsocket http.client http.request https.request https.get http.get net.connect dgram websocket lwp io socket.io urllib3 httparty smtplib ftplib paramiko".split(
    " ",
  ),
);
/** Modules that code names in a string. */
const modules: ReadonlySet<string> = new Set(
  "net http https dgram tls http2 dns undici axios node-fetch net/http node:net node:http node:https node:dgram".split(
    " ",
  ),
);

interface Token {
  readonly text: string;
  readonly kind: "name" | "string" | "mark";
}

/** Reads hostile code in one pass: which functions it names, and the strings handed to them. What it builds out of parts is not seen. */
export function codeWords(code: string): CodeWords {
  const tokens = tokensOf(code.slice(0, codeUnitsMax));
  const scripts: string[] = [];
  const argv: (readonly string[])[] = [];
  const names = new Set(tokens.filter(({ kind }) => kind === "name").map(({ text }) => text));
  const home =
    [...names].filter((name) => /(?:^|\.)(?:home|homedir|expanduser)$/.test(name)).length > 0
      ? ["~"]
      : [];
  let path: string | undefined;
  tokens.forEach(({ kind, text }, at) => {
    if (kind === "string" && (modules.has(text) || text.startsWith("/inet/"))) argv.push(["curl"]);
    if (kind !== "name") return;
    const last = text.slice(text.lastIndexOf(".") + 1);
    const given = stringsAfter(tokens, at);
    const [first] = given;
    if (last === "path" && first !== undefined) path = first;
    if (runs.has(last) && first !== undefined) {
      if (given.length === 1) scripts.push(first);
      else argv.push(given);
    }
    if (removes.has(last)) argv.push(["rm", "-r", ...given, ...home]);
    if (last === "unlink" || last === "unlinksync") argv.push(["rm", ...given]);
    if (last === "dropdatabase") argv.push(["dropdb"]);
    if (writes.has(last))
      argv.push([
        "tee",
        ...(last.endsWith("_text") || last.endsWith("_bytes") ? [path ?? ""] : given.slice(0, 1)),
      ]);
    if (reads.has(last))
      argv.push([
        "cat",
        ...(last.endsWith("_text") || last.endsWith("_bytes") ? [path ?? ""] : given.slice(0, 1)),
      ]);
    if (last === "open" || last === "fopen") {
      const mode = given[1] ?? "r";
      argv.push([/^[wax]|\+/.test(mode) ? "tee" : "cat", ...given.slice(0, 1)]);
    }
    if (networks.has(last) || networks.has(text)) argv.push(["curl", ...given.slice(0, 1)]);
    if (/^(?:os\.environ|process\.env)$/.test(text) && !isMember(tokens[at + 1]))
      argv.push(["printenv"]);
  });
  return { scripts, argv: argv.slice(0, tokensMax) };
}

function isMember(token: Token | undefined): boolean {
  return token?.text === "[" || token?.text === ".";
}

/** The strings between a name and the end of its call, or of its line where it has no bracket. */
function stringsAfter(tokens: readonly Token[], at: number): readonly string[] {
  const out: string[] = [];
  let depth = 0;
  for (let next = at + 1; next < tokens.length && next < at + argumentsMax; next++) {
    const token = tokens[next];
    if (token === undefined) break;
    if (token.kind === "string") out.push(token.text);
    if (token.text === "(" && token.kind === "mark") depth++;
    if (token.text === ")" && token.kind === "mark" && --depth <= 0) break;
    if (token.kind === "mark" && (token.text === ";" || (token.text === "\n" && depth === 0)))
      break;
    if (token.kind === "name" && depth === 0) break;
  }
  return out;
}

const wordUnit = /[A-Za-z0-9_$.]/;

function tokensOf(code: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < code.length && tokens.length < tokensMax) {
    const unit = code.charAt(at);
    if (unit === '"' || unit === "'" || unit === "`") {
      const end = stringEnd(code, at);
      tokens.push({ kind: "string", text: code.slice(at + 1, end) });
      at = end + 1;
    } else if (wordUnit.test(unit)) {
      const from = at;
      while (at < code.length && wordUnit.test(code.charAt(at))) at++;
      tokens.push({ kind: "name", text: code.slice(from, at).slice(-128).toLowerCase() });
    } else {
      // `IO::Socket` and `Net::HTTP` are two names, `->new` is a member.
      if (unit !== " " && unit !== "\t") tokens.push({ kind: "mark", text: unit });
      at++;
    }
  }
  return tokens;
}

function stringEnd(code: string, from: number): number {
  const quote = code.charAt(from);
  for (let at = from + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === quote) return at;
  }
  return code.length;
}
