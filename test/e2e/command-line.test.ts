import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { custody, removeFolder, temporaryFolder } from "./custody-process.ts";
import { inParallel } from "./in-parallel.ts";

// What the shell says of itself, and how it refuses.

const folder = temporaryFolder("command-line");

afterAll(() => {
  removeFolder(folder);
});

/** The commands that a help text lists. */
function commandsIn(help: string): readonly string[] {
  const [, list = ""] = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "help");
}

interface Help {
  readonly words: readonly string[];
  readonly code: number | null;
  readonly text: string;
}

let helps: readonly Help[];

beforeAll(async () => {
  const helpOf = async (words: readonly string[]): Promise<Help> => {
    const { code, stdout } = await custody([...words, "--help"]);
    return { words, code, text: stdout };
  };
  const root = await helpOf([]);
  const top = await inParallel(2, commandsIn(root.text), (name) => helpOf([name]));
  const inner = top.flatMap(({ words, text }) => commandsIn(text).map((name) => [...words, name]));
  helps = [root, ...top, ...(await inParallel(2, inner, helpOf))];
});

describe("the help", () => {
  test("of every command ends with an example of it", () => {
    expect(helps.length).toBeGreaterThan(12);
    for (const { words, code, text } of helps) {
      expect(code, words.join(" ")).toBe(0);
      const [, example = ""] = /\nExample:\n {2}\$ (custody.*)\n/.exec(text) ?? [];
      expect(example, words.join(" ")).toMatch(new RegExp(`^custody ${words.join(" ")}`.trim()));
    }
  });

  test("shows no flag in an example that its command does not have", () => {
    const byWords = new Map(helps.map(({ words, text }) => [words.join(" "), text]));
    for (const { text } of helps) {
      for (const [, line = ""] of text.matchAll(/^ {2}\$ custody (.*)$/gm)) {
        const words = line.split(" ").filter((word) => /^[a-z]+$/.test(word));
        const own = byWords.get(words.slice(0, 2).join(" ")) ?? byWords.get(words[0] ?? "") ?? "";
        for (const [flag] of line.matchAll(/(?<= )--[a-z-]+/g)) expect(own, line).toContain(flag);
      }
    }
  });

  test("of every command offers --json; a name that commands stand under takes none of their options from them", () => {
    for (const { words, text } of helps.slice(1)) {
      const options = text.match(/^ {2}(-\w, )?--[a-z-]+/gm) ?? [];
      if (commandsIn(text).length > 0) expect(options, words.join(" ")).toEqual(["  -h, --help"]);
      else expect(text, words.join(" ")).toContain("--json");
    }
  });

  test("has no colour where nobody looks", () => {
    for (const { text } of helps) expect(text).not.toContain("\u001b[");
  });
});

interface Refused {
  readonly says: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly code: number;
  readonly words: readonly RegExp[];
}

const free = ["--otlp-port", "0", "--grpc-port", "0", "--api-port", "0"];
const up = ["up", "--data", join(folder, "data"), ...free];

const refusals: readonly Refused[] = [
  {
    says: "an unknown key of the configuration names the nearest known one",
    args: up,
    config: "requre_key: true\n",
    code: 2,
    words: [/requre_key/, /require_key/],
  },
  {
    says: "a configuration that is no mapping",
    args: up,
    config: "- host\n",
    code: 2,
    words: [/config/],
  },
  {
    says: "a value that does not fit names its key",
    args: ["up", "--data", join(folder, "data"), "--otlp-port", "99999"],
    code: 2,
    words: [/otlp_port/],
  },
  {
    says: "a yes or no that is neither",
    args: up,
    env: { CUSTODY_BEHIND_PROXY: "perhaps" },
    code: 2,
    words: [/behind_proxy/],
  },
  {
    says: "an address that others reach, without saying what they may see",
    args: [...up, "--host", "0.0.0.0"],
    code: 2,
    words: [/require_key/, /behind_proxy/, /content/, /retention_days/],
  },
  {
    says: "a no to keys is a no, in words too",
    args: [...up, "--host", "0.0.0.0"],
    env: { CUSTODY_REQUIRE_KEY: "no", CUSTODY_BEHIND_PROXY: "off" },
    code: 2,
    words: [/require_key/, /behind_proxy/],
  },
  { says: "an unknown command names the nearest", args: ["exprot"], code: 2, words: [/export/] },
  {
    says: "an unknown flag names the nearest",
    args: ["up", "--dta", "x"],
    code: 2,
    words: [/--data/],
  },
  {
    says: "a list that is none",
    args: ["query", "nothing"],
    code: 2,
    words: [/sessions, actions/],
  },
  {
    says: "what cannot be explained",
    args: ["explain", "everything", "now"],
    code: 2,
    words: [/session, record/],
  },
  {
    says: "a server that is not there",
    args: ["query", "sessions", "--api", "http://127.0.0.1:9", "--key", "ck_00000000"],
    code: 3,
    words: [/127\.0\.0\.1:9/, /custody up/],
  },
  {
    says: "no key",
    args: ["query", "sessions", "--data", join(folder, "nothing")],
    code: 4,
    words: [/--key/],
  },
  {
    says: "a bundle that is not there",
    args: ["verify", join(folder, "nothing.zip")],
    code: 2,
    words: [/nothing\.zip/],
  },
  {
    says: "a folder that is none of ours",
    args: ["fsck", "--data", join(folder, "nothing")],
    code: 2,
    words: [/nothing/, /--data/],
  },
];

test.each(refusals)(
  "refused with a sentence and its code: $says",
  async ({ args, env, config, code, words }) => {
    const path = join(folder, "config.yaml");
    if (config !== undefined) writeFileSync(path, config);
    const given = config === undefined ? args : [...args, "--config", path];
    const ended = await custody(given, env);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(ended.code).toBe(code);
    for (const word of words) expect(ended.stderr).toMatch(word);
    expect(ended.stdout).toBe("");
  },
);

/** Tells on stderr the address of every module that is loaded. */
const teller = `data:text/javascript,${encodeURIComponent(
  `import { register } from "node:module"; register("data:text/javascript,${encodeURIComponent(
    "export async function load(url, context, next) { process._rawDebug(url); return next(url, context); }",
  )}");`,
)}`;

test.each<[string, readonly string[]]>([
  ["--version", []],
  ["query", ["sessions", "--api", "http://127.0.0.1:9", "--key", "ck_00000000"]],
  ["verify", [join(folder, "nothing.zip")]],
])(
  "%s starts at once: the store and the servers are loaded for those who need them",
  async (name, rest) => {
    const { stderr } = await custody([name, ...rest], { NODE_OPTIONS: `--import=${teller}` });
    expect(stderr).toContain("/cli/dist/main.js");
    expect(stderr).not.toMatch(
      /\/(storage|collector|query-api|ledger)\/dist\/|node_modules\/(chdb|fastify)\//,
    );
  },
);
