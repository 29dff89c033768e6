import { limits, type ToolKind } from "@custody/model";
import { z } from "zod";
import { readArguments } from "./call-arguments.ts";
import { hostName } from "./host-name.ts";
import { packagesOf } from "./packages.ts";
import { type ProgramCall, programCalls } from "./programs.ts";

/** A package that a call's arguments name, with what they say of it. */
export interface PackageUse {
  /** `npm:left-pad@1.3.0`, as its manager was told. */
  readonly target: string;
  readonly version?: string;
  /** Host of the registry that the arguments name; the manager's own settings are not seen. */
  readonly registry?: string;
}

/** The packages that a command names, or that a lock file lists whose text the arguments hold. */
export function packageUses(
  tool: string,
  kind: ToolKind,
  argumentsText: string,
): readonly PackageUse[] {
  const uses = new Map<string, PackageUse>();
  const add = (use: PackageUse): void => {
    if (uses.size < limits.bodyListItemsMax) uses.set(use.target, use);
  };
  if (kind === "fs") for (const use of lockedIn(tool, argumentsText)) add(use);
  else {
    const args = readArguments(tool, kind, argumentsText);
    for (const call of programCalls(args.scripts, args.argv)) {
      const registry = registryOf(call);
      packagesOf(call, (name) => add({ target: name, ...versionOf(name), ...registry }));
    }
  }
  return [...uses.values()];
}

/** `@1.3.0` and `==1.3.0` at the end; a scope begins with the same sign and is none. */
function versionOf(target: string): Pick<PackageUse, "version"> {
  const name = target.slice(target.indexOf(":") + 1);
  const version = /^.[^=]*==(.+)$/.exec(name)?.[1] ?? /^.[^@]*@([^@/]+)$/.exec(name)?.[1];
  return version === undefined ? {} : { version };
}

const registryFlags: ReadonlySet<string> = new Set([
  "--registry",
  "--index-url",
  "--extra-index-url",
  "--index",
  "-i",
]);

function registryOf({ words }: ProgramCall): Pick<PackageUse, "registry"> {
  for (const [at, word] of words.entries()) {
    const [flag = "", value = words[at + 1] ?? ""] = word.split(/=(.*)/, 2);
    if (!registryFlags.has(flag)) continue;
    const registry = hostOf(value);
    if (registry !== undefined) return { registry };
  }
  return {};
}

function hostOf(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined;
  try {
    return hostName(new URL(url).hostname);
  } catch {
    return undefined;
  }
}

const npmLocks: ReadonlySet<string> = new Set(["package-lock.json", "npm-shrinkwrap.json"]);
const npmLock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), resolved: z.string().optional() }),
  ),
});

/** What the lock file of npm lists, where a file tool writes it whole. */
function lockedIn(tool: string, argumentsText: string): readonly PackageUse[] {
  const { paths, strings } = readArguments(tool, "fs", argumentsText);
  const writesLock = paths.some(
    ({ path, access }) => access === "write" && npmLocks.has(path.slice(path.lastIndexOf("/") + 1)),
  );
  if (!writesLock) return [];
  return strings.flatMap((text) => {
    const parsed = text.startsWith("{") ? npmLock.safeParse(jsonOf(text)) : undefined;
    if (parsed?.success !== true) return [];
    return Object.entries(parsed.data.packages).flatMap(([path, { version, resolved }]) => {
      const at = path.lastIndexOf("node_modules/");
      if (at < 0 || version === undefined) return [];
      const name = path.slice(at + "node_modules/".length);
      const registry = resolved === undefined ? undefined : hostOf(resolved);
      const use = { target: `npm:${name}@${version}`, version };
      return [registry === undefined ? use : { ...use, registry }];
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
