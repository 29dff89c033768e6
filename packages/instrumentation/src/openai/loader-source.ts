import { fieldsOf } from "../shape.ts";
import type { ResourceKind } from "./patch.ts";

/** The global the hooked modules report their class to. */
export const reportKey: unique symbol = Symbol.for("@custody/instrumentation.openai");

/** The ES modules of `openai` that define a resource class we watch, and the class in them. */
const hookedModules: readonly {
  readonly url: RegExp;
  readonly kind: ResourceKind;
  readonly name: string;
}[] = [
  {
    url: /\/openai\/resources\/chat\/completions(?:\/completions)?\.mjs$/,
    kind: "chat",
    name: "Completions",
  },
  {
    url: /\/openai\/resources\/(?:beta\/)?responses\/responses\.mjs$/,
    kind: "responses",
    name: "Responses",
  },
];

/** What a loader hook gets and gives. */
export interface Loaded {
  readonly format?: string;
  readonly source?: unknown;
}
/** Adds one line to the end of a hooked module, which hands its class over. */
export function reporting(url: string, loaded: Loaded): Loaded {
  const hooked = hookedModules.find((one) => one.url.test(url));
  if (hooked === undefined || loaded.source == null) return loaded;
  const source = textOfSource(loaded.source);
  if (source === undefined) return loaded;
  const report = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(reportKey))})]?.(${JSON.stringify(hooked.kind)}, ${hooked.name});`;
  // The module may only re-export the class under this name; then there is nothing to hand over.
  const defines = new RegExp(`\\bclass ${hooked.name}\\b`).test(source);
  return defines ? { ...loaded, source: `${source}\n${report}\n` } : loaded;
}

function textOfSource(source: unknown): string | undefined {
  if (typeof source === "string") return source;
  return fieldsOf(source) instanceof Uint8Array
    ? Buffer.from(source as Uint8Array).toString("utf8")
    : undefined;
}
