import { type Asked, ask, type FoundRecord, found } from "./ask.ts";

/** All copies of a record: more than one where the same id came with different claims, or to several collectors. */
export async function recordsById(
  asked: Asked,
  ids: readonly string[],
): Promise<readonly FoundRecord[]> {
  return ids.length === 0 ? [] : (await ask(asked, "records-by-id", { ids })).map(found);
}

/** The first copy committed; `recordsById` tells whether there are others. */
export async function recordById(asked: Asked, id: string): Promise<FoundRecord | undefined> {
  return (await recordsById(asked, [id]))[0];
}
