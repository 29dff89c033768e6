import { type Loaded, reporting } from "./loader-source.ts";

/** The `load` hook for Node versions whose module hooks run in a thread of their own. */
export async function load(
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => Promise<Loaded>,
): Promise<Loaded> {
  return reporting(url, await nextLoad(url, context));
}
