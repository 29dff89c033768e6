import { z } from "zod";

/** A file of a commit as an observer tells it. */
export interface CommittedFile {
  readonly path: string;
  readonly added: number | null;
  readonly removed: number | null;
}

const count = z.number().nullish();
const files = z.array(z.object({ path: z.string(), added: count, removed: count }));

/** The files of a change's content, as its door wrote them; none of what was cut or masked until it is no list any more. */
export function readFiles(text: string): readonly CommittedFile[] {
  const parsed = files.safeParse(jsonOf(text));
  if (!parsed.success) return [];
  return parsed.data.map(({ path, added = null, removed = null }) => ({ path, added, removed }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
