import type { ProgramCall } from "./programs.ts";

/** The word after which a package manager's operands are packages. */
const verbs: ReadonlyMap<string, readonly string[]> = new Map([
  ["npm", ["install", "i", "add"]],
  ["pnpm", ["install", "i", "add"]],
  ["yarn", ["add"]],
  ["bun", ["add", "install"]],
  ["pip", ["install"]],
  ["pip3", ["install"]],
  ["uv", ["add"]],
  ["poetry", ["add"]],
  ["cargo", ["add", "install"]],
  ["go", ["get", "install"]],
  ["gem", ["install"]],
  ["apt", ["install"]],
  ["apt-get", ["install"]],
  ["apk", ["add"]],
  ["dnf", ["install"]],
  ["yum", ["install"]],
  ["brew", ["install"]],
]);
/** Flags that take the next word. */
const valueFlags = new Set([
  "-r",
  "-c",
  "-w",
  "-C",
  "--requirement",
  "--workspace",
  "--prefix",
  "--registry",
  "--target",
  "--index-url",
  "--extra-index-url",
  "-i",
]);

/** Packages that a command names: `npm:left-pad@1.3.0`. A lock file or a requirements file names its own, and those are not seen. */
export function packagesOf(call: ProgramCall, add: (name: string) => void): void {
  const python =
    call.program.startsWith("python") && call.words[0] === "-m" && call.words[1] === "pip";
  const program = python ? "pip" : call.program;
  const words = python ? call.words.slice(2) : call.words;
  const verb = words.findIndex((word) => verbs.get(program)?.includes(word));
  if (verb < 0) return;
  for (let at = verb + 1; at < words.length; at++) {
    const word = words[at] ?? "";
    if (valueFlags.has(word)) at++;
    else if (!word.startsWith("-") && word !== "." && word.length <= 214) add(`${program}:${word}`);
  }
}
