import type { ModelApi } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import type { Notices } from "../notice.ts";
import { fieldsOf } from "../shape.ts";
import type { Traffic } from "../traffic.ts";
import { chatCompletions } from "./chat-completions.ts";
import { destinationOf } from "./destination.ts";
import { observePromise } from "./observe-promise.ts";
import { responses } from "./responses.ts";

/** What the patch needs; `traffic` is made when the first request comes. */
export interface PatchPorts {
  readonly traffic: () => Traffic;
  readonly guard: Guard;
  readonly notices: Notices;
}

type Create = (this: unknown, ...args: unknown[]) => unknown;

/** Marks a patched method, across copies of this package. */
const patchedMark: unique symbol = Symbol.for("@custody/instrumentation.patched");

/**
 * Patches the resource classes of one loaded copy of the `openai` package, given its exports. The
 * methods are replaced on the prototypes, so clients made before are watched too and it does not
 * matter who loaded the package first. Returns how many methods it found.
 */
export function patchOpenAi(exports: unknown, ports: PatchPorts): number {
  // The CommonJS exports are a function with the class as a property.
  const client = member(exports, "OpenAI") ?? member(exports, "default") ?? exports;
  const found = [
    patchClass(member(client, "Chat", "Completions"), chatCompletions, ports),
    patchClass(member(client, "Responses"), responses, ports),
    patchClass(member(client, "Beta", "Responses"), responses, ports),
  ];
  const count = found.filter(Boolean).length;
  if (count > 0) ports.notices.debug("patched", `watching ${count} methods of openai`);
  return count;
}

export type ResourceKind = "chat" | "responses";

/** Patches one resource class, as a module of the package exports it. */
export function patchResource(kind: ResourceKind, resource: unknown, ports: PatchPorts): boolean {
  return patchClass(resource, resourceApis[kind], ports);
}

const resourceApis: Readonly<Record<ResourceKind, ModelApi>> = {
  chat: chatCompletions,
  responses,
};

function member(root: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === "function" || fieldsOf(at) ? Reflect.get(Object(at), name) : undefined,
    root,
  );
}

function patchClass(resource: unknown, api: ModelApi, ports: PatchPorts): boolean {
  const prototype = typeof resource === "function" ? fieldsOf(resource.prototype) : undefined;
  const create = prototype?.["create"];
  if (prototype === undefined || typeof create !== "function") return false;
  if (patchedMark in create) return true;
  const watched = watchCreate(create as Create, api, ports);
  Object.defineProperties(watched, {
    ...Object.getOwnPropertyDescriptors(create),
    [patchedMark]: { value: true },
  });
  Object.defineProperty(prototype, "create", {
    ...Object.getOwnPropertyDescriptor(prototype, "create"),
    value: watched,
  });
  return true;
}

function watchCreate(create: Create, api: ModelApi, { traffic, guard }: PatchPorts): Create {
  return function watched(this: unknown, ...args) {
    const inference = guard(() => {
      const request = api.readRequest(args[0]);
      return traffic().request(request, destinationOf(this));
    });
    let promise: unknown;
    try {
      promise = create.apply(this, args);
    } catch (reason) {
      if (inference !== undefined) guard(() => inference.fail("invalid_request"));
      throw reason;
    }
    if (inference !== undefined) guard(() => observePromise(promise, api, inference, guard));
    return promise;
  };
}
