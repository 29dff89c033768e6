import { expect, test } from "vitest";
import { callFiles, callPackages, callPrograms, callTouches, describeCall } from "./index.ts";

const units = 65_536;
const filled = (piece: string, before = "", after = ""): string =>
  before + piece.repeat(Math.floor((units - before.length - after.length) / piece.length)) + after;
const half = (piece: string): string => piece.repeat(units / 2 / piece.length);

/** Each costs much more than its length where something is read again from each of its units, or said again by each of its words. */
const shapes: Readonly<Record<string, string>> = {
  "slashes, and then a name": filled("/", "cp a ", "x"),
  "a folder of slashes": filled("/", "cd ", "x; touch a"),
  "a folder, and files in it": `cd ${half("d")}; touch ${half("a ")}`,
  "files put into one of a long name": `cp ${half("a ")}${half("d")}`,
  "a flag of one letter": filled("c", "bash -", "1 x"),
  "a statement that does not end": filled("!", 'psql -c "delete from ', ' x"'),
  "newlines that are said": `x=$(printf "${half("\\n")}x")`,
  "wrappers of many words": `${half("sudo ")}x ${half("-ab ")}`,
  "an alias of many words": `alias a='${"x ".repeat(2_000)}'\n${half("a;")}`,
  "an alias of many digits": `alias a='${"1".repeat(4_000)}x'\n${half("a;")}`,
  "one name for many programs": filled("*?*[a]*;"),
  "long names for many programs": filled(`${"*?".repeat(60)}x;`),
  "paths with stars": filled("./*?*?*x ", "cat "),
  "words for each that is found": `find ${half("r")} -exec x ${half("a{} ")};`,
  "words for each that is handed": `echo ${half("r")} | xargs -I{} x ${half("{}{}a ")}`,
  "one code that is run often": `cat > x.py <<E\n${"f(1);".repeat(1_600)}\nE\n${half("python x.py;")}`,
  "words in braces": filled("a,", "{", "b}"),
  "verdicts of printf": `printf '${half("%s")}' ${half("a ")}`,
  "entries of a crontab": filled("a\n\n\n\n\n\n\n", "crontab <<E\n", "\nE\n"),
  "scripts of a package": `cat > package.json <<E\n"scripts"${" ".repeat(7_000)}\nE\n${half("npm run x;")}`,
};

test.each(Object.entries(shapes))(
  "%s: 64 KB are read in a moment",
  { timeout: 600_000 },
  (_, text) => {
    const before = process.cpuUsage();
    const asJson = JSON.stringify({ command: text });
    describeCall("Bash", "exec", asJson);
    callTouches("Bash", "exec", asJson);
    callPrograms("Bash", "exec", asJson);
    callPackages("Bash", "exec", asJson);
    callFiles("other", asJson);
    const { user, system } = process.cpuUsage(before);
    // CPU time and not time on the wall: other work on the machine does not count. The longest takes a third of it.
    expect((user + system) / 1_000).toBeLessThan(3_000);
  },
);

test("a command given as many words, each said beside it too, is read in a moment", () => {
  const words = Array.from({ length: 100_000 }, (_, at) => `w${at}`);
  const before = process.cpuUsage();
  describeCall("shell", "exec", JSON.stringify({ command: words }));
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(3_000);
});

test("no length of what is handed or listed makes the reader throw", { timeout: 600_000 }, () => {
  const long = 1_000_000;
  const texts = [
    `{${"a,".repeat(long / 2)}b}`,
    `echo ${"r".repeat(8_000)} | xargs -I{} x ${"{}".repeat(long / 2)}`,
    `find ${"r".repeat(long / 2)} -exec x ${"{} a{}".repeat(long / 12)}`,
  ];
  for (const text of texts) {
    expect(describeCall("Bash", "exec", JSON.stringify({ command: text })).classifier).toBe(
      "risk/2",
    );
  }
});
