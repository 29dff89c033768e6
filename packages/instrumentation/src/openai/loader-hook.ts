import Module, { register } from "node:module";
import { type Loaded, reporting, reportKey } from "./loader-source.ts";
import { type PatchPorts, patchResource, type ResourceKind } from "./patch.ts";

type NextLoad = (url: string, context: unknown) => Loaded;
type RegisterHooks = (hooks: {
  load: (url: string, context: unknown, nextLoad: NextLoad) => Loaded;
}) => unknown;

/**
 * Watches ES module copies of `openai` that are loaded later. Node 22.15 and newer have hooks in
 * the agent's own thread, which cost nothing to speak of. Older ones run hooks in a thread of their
 * own: that is started only where it is `needed`, because the agent's main file does not resolve
 * `openai` and a dependency of it may, and never in a process that has us from `NODE_OPTIONS`
 * alone: most of those are an agent's tools (`npm`, a test runner), and each would pay for it.
 */
export function hookLoader(ports: PatchPorts, needed: boolean): void {
  const registerHooks: unknown = Reflect.get(Module, "registerHooks");
  if (typeof registerHooks !== "function" && (!needed || isInherited())) return;
  Reflect.set(globalThis, reportKey, (kind: ResourceKind, resource: unknown) => {
    ports.guard(() => patchResource(kind, resource, ports));
  });
  if (typeof registerHooks === "function") {
    (registerHooks as RegisterHooks)({
      load: (url, context, nextLoad) => reporting(url, nextLoad(url, context)),
    });
    return;
  }
  register(new URL("./loader-thread.js", import.meta.url));
}

function isInherited(): boolean {
  const ours = "instrumentation";
  const inherited = process.env["NODE_OPTIONS"]?.includes(ours) === true;
  return inherited && !process.execArgv.some((argument) => argument.includes(ours));
}
