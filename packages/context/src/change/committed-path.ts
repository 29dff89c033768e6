/**
 * Whether a path as a call names it is a file of a repository as version control names it: the same, or ending with it. A path that is relative to a
 * folder nobody tells is that of no other folder.
 */
export function isFileOf(
  committed: string,
  written: string,
  directory: string | undefined,
): boolean {
  const own = partsOf(committed);
  const isWhole = written.startsWith("/") || /^[A-Za-z]:[\\/]/.test(written);
  const whole = isWhole || directory === undefined ? written : `${directory}/${written}`;
  const parts = partsOf(whole);
  const from = parts.length - own.length;
  return own.length > 0 && from >= 0 && own.every((part, at) => parts[from + at] === part);
}

/** Without `.`, and with `..` taken back. */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
