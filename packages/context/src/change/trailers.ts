/** One trailer of a commit message, its value on one line. */
export interface Trailer {
  readonly token: string;
  readonly value: string;
}

/** A message longer than this is no commit message: its end is not looked for. */
const messageUnitsMax = 1_048_576;
const trailersMax = 200;

/** Lines that git itself writes; where one stands, a quarter of the paragraph is enough. */
const generated = ["Signed-off-by: ", "(cherry picked from commit "];

/**
 * The trailers of a commit message by git's own rules (git-interpret-trailers(1), as `git log --format=%(trailers)` applies them): the last paragraph,
 * never the first, whose lines are all `token: value`, continuations, or at least a quarter of them where git wrote one itself. `#` begins a
 * comment. Values are unfolded.
 */
export function parseTrailers(message: string): readonly Trailer[] {
  if (message.length > messageUnitsMax) return [];
  const lines = message.replaceAll("\r\n", "\n").split("\n");
  while (lines.length > 0 && isIgnored(lines.at(-1) ?? "")) lines.pop();
  const start = startOf(lines);
  if (start === undefined) return [];
  const found: { token: string; value: string }[] = [];
  let last: { token: string; value: string } | undefined;
  for (const line of lines.slice(start)) {
    if (line.startsWith("#")) {
      last = undefined;
      continue;
    }
    if (isSpace(line.charAt(0))) {
      if (last !== undefined) last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const at = separatorOf(line);
    last =
      at < 1 ? undefined : { token: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
    if (last !== undefined) found.push(last);
  }
  return found.slice(-trailersMax);
}

/** The first line of the paragraph of trailers; undefined where the last paragraph is none. */
function startOf(lines: readonly string[]): number | undefined {
  const endOfTitle = lines.findIndex((line) => !line.startsWith("#") && isBlank(line));
  if (endOfTitle < 0) return undefined;
  let [trailers, others, continued] = [0, 0, 0];
  let hasGenerated = false;
  for (let at = lines.length - 1; at >= endOfTitle; at--) {
    const line = lines[at] ?? "";
    if (line.startsWith("#")) {
      others += continued;
      continued = 0;
    } else if (isBlank(line)) {
      others += continued;
      const isBlock = hasGenerated ? trailers * 3 >= others : trailers > 0 && others === 0;
      return isBlock ? at + 1 : undefined;
    } else if (generated.some((text) => line.startsWith(text))) {
      trailers++;
      continued = 0;
      hasGenerated = true;
    } else if (isSpace(line.charAt(0))) {
      continued++;
    } else if (separatorOf(line) >= 1) {
      trailers++;
      continued = 0;
    } else {
      others += 1 + continued;
      continued = 0;
    }
  }
  return undefined;
}

/** The colon after a token of letters, digits and hyphens, which spaces may follow. */
function separatorOf(line: string): number {
  const [token] = /^[A-Za-z0-9-]*(?:(?<=.)[ \t]+)?(?=:)/.exec(line) ?? [];
  return token === undefined ? -1 : token.length;
}

function isSpace(char: string): boolean {
  return char !== "" && " \t\v\f\r".includes(char);
}

function isBlank(line: string): boolean {
  return /^[ \t\v\f\r]*$/.test(line);
}

function isIgnored(line: string): boolean {
  return isBlank(line) || line.startsWith("#");
}
