import { atOf, callFiles, contextLimits } from "@custody/context";
import type { PlacedRecord } from "@custody/model";

/** What a call's arguments may be read from, by the id of the record that told them. Sealed and erased ones are not here. */
export type ArgumentsOf = ReadonlyMap<string, string>;

/** The texts that calls of a session put into files, as they stood when one of its calls began: by the last part of their paths. */
export interface WrittenFiles {
  before(at: string): ReadonlyMap<string, string>;
}

const none: ReadonlyMap<string, string> = new Map();

/** What is written first and run later is read when it is run. In order of time, whatever the order of delivery; the first files stay. */
export function writtenFiles(
  records: readonly PlacedRecord[],
  argumentsOf: ArgumentsOf,
): WrittenFiles {
  const written = records
    .flatMap(({ record }) => {
      const text = argumentsOf.get(record.id);
      if (text === undefined || (record.class !== "tool_call" && record.class !== "decision"))
        return [];
      const { kind } = record.body as { readonly kind: Parameters<typeof callFiles>[0] };
      return callFiles(kind, text).map((file) => ({ ...file, at: atOf(record), id: record.id }));
    })
    .sort((left, right) => compare(left.at, right.at) || compare(left.id, right.id))
    .slice(0, contextLimits.handedWordsMax);
  if (written.length === 0) return { before: () => none };
  return {
    before(at) {
      const files = new Map<string, string>();
      for (const { path, text, at: then } of written)
        if (then <= at) files.set(path.slice(path.lastIndexOf("/") + 1), text);
      return files;
    },
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
