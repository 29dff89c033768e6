import { readFile } from "node:fs/promises";
import { LedgerError, reasonOf } from "./errors.ts";

/** The members of a JSON object from a file of ours; every access names the type it expects. */
export interface Members {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  integer(name: string): number;
  object(name: string): Members;
  optionalObject(name: string): Members | undefined;
  list(name: string): readonly Members[];
  entries(): readonly (readonly [string, unknown])[];
}

/** Undefined where the file does not exist; throws FOLDER_FORMAT where it is not what we wrote. */
export async function readJson(path: string): Promise<Members | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return undefined;
    throw error;
  }
  return parseMembers(text);
}

export function parseMembers(text: string): Members {
  try {
    return members(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    throw new LedgerError("FOLDER_FORMAT", "a file of the data folder is not JSON", { cause });
  }
}

function members(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LedgerError("FOLDER_FORMAT", "not a JSON object");
  }
  const map = new Map<string, unknown>(Object.entries(value));
  const expected = (name: string, what: string): LedgerError =>
    new LedgerError("FOLDER_FORMAT", `member ${name} is not ${what}`);
  return {
    text(name) {
      const found = map.get(name);
      if (typeof found !== "string") throw expected(name, "text");
      return found;
    },
    optionalText(name) {
      const found = map.get(name) ?? undefined;
      if (found !== undefined && typeof found !== "string") throw expected(name, "text");
      return found;
    },
    integer(name) {
      const found = map.get(name);
      if (typeof found !== "number" || !Number.isSafeInteger(found))
        throw expected(name, "an integer");
      return found;
    },
    object: (name) => members(map.get(name)),
    optionalObject(name) {
      const found = map.get(name) ?? undefined;
      return found === undefined ? undefined : members(found);
    },
    list(name) {
      const found = map.get(name);
      if (!Array.isArray(found)) throw expected(name, "a list");
      return found.map((item) => members(item));
    },
    entries: () => [...map],
  };
}
