import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Guard } from "../guard.ts";
import { hookLoader } from "./loader-hook.ts";
import { type PatchPorts, patchOpenAi } from "./patch.ts";

/**
 * Finds the copies of `openai` an agent uses, whoever loads them first:
 *
 * 1. CommonJS copies loaded already, and every one required later.
 * 2. The ES module copy that the agent's main file resolves to. Loading it here gives the very
 *    instance the agent imports, also when the agent's static import is linked already and waits
 *    for its turn: `require` of an ES module shares the loader's instances and is synchronous.
 * 3. ES module copies loaded later from elsewhere, through a loader hook (see there for when).
 */
export function findOpenAi(mainFile: string | undefined, ports: PatchPorts): void {
  ports.guard(() => patchLoaded(ports));
  ports.guard(() => watchRequire(ports));
  const found = ports.guard(() => patchEsm(mainFile, ports)) ?? false;
  ports.guard(() => hookLoader(ports, !found));
}

const entryPoint = /[\\/]openai[\\/](?:index|azure)\.js$/;

function patchLoaded(ports: PatchPorts): void {
  const cache = createRequire(import.meta.url).cache;
  for (const [file, loaded] of Object.entries(cache)) {
    if (entryPoint.test(file)) patchOpenAi(loaded?.exports, ports);
  }
}

function watchRequire(ports: PatchPorts): void {
  const prototype = Module.prototype;
  const require = prototype.require;
  prototype.require = Object.assign(function watched(this: NodeJS.Module, id: string): unknown {
    const exports: unknown = require.call(this, id);
    if (id === "openai" || entryPoint.test(id)) ports.guard(() => patchOpenAi(exports, ports));
    return exports;
  }, require);
}

/** True when the agent's main file resolves `openai`, whether or not it ever uses it. */
function patchEsm(mainFile: string | undefined, ports: PatchPorts): boolean {
  const from = createRequire(mainFile ?? join(process.cwd(), "repl.js"));
  const file = resolveQuietly(from, ports.guard);
  if (file === undefined) return false;
  // Required from inside the package: Node warns of `require(esm)` outside of node_modules.
  const inside = createRequire(file);
  const esm = join(dirname(file), "index.mjs");
  try {
    patchOpenAi(inside(esm), ports);
  } catch {
    patchLate(pathToFileURL(esm).href, ports);
  }
  return true;
}

/**
 * Node before 20.19.5, and 22 before 22.17, cannot require an ES module that waits in a graph which
 * is being evaluated. The same module imported comes a moment later: after an agent that asks its
 * model in the very first tick, whose first decisions are then read from its second request.
 */
function patchLate(url: string, ports: PatchPorts): void {
  void import(url).then(
    (exports: unknown) => ports.guard(() => patchOpenAi(exports, ports)),
    () => undefined,
  );
  const preloads = `${process.execArgv.join(" ")} ${process.env["NODE_OPTIONS"] ?? ""}`;
  if (preloads.includes("@custody/instrumentation")) return;
  ports.notices.once(
    "late",
    `Node ${process.version} may run this agent's first model request before it can be watched. Start it with "node --import @custody/instrumentation/register", or use Node 20.19.5, 22.17 or newer.`,
  );
}

function resolveQuietly(from: NodeJS.Require, guard: Guard): string | undefined {
  return guard(() => {
    try {
      return from.resolve("openai");
    } catch {
      return undefined;
    }
  });
}
