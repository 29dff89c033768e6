import { writeSync } from "node:fs";

/** What a person may be told, each at most once per process. `CUSTODY_DEBUG` adds the quiet ones. */
export interface Notices {
  /** Says `text` on stderr the first time `key` is used, and never again. */
  once(key: string, text: string): void;
  /** Like `once`, heard only with `CUSTODY_DEBUG`. */
  debug(key: string, text: string): void;
}

export function createNotices(debug: boolean, write: (line: string) => void = toStderr): Notices {
  const said = new Set<string>();
  const once = (key: string, text: string): void => {
    if (said.has(key)) return;
    said.add(key);
    try {
      write(`custody: ${text}\n`);
    } catch {
      // A closed stderr must not end the agent.
    }
  };
  return { once, debug: debug ? once : () => undefined };
}

/** Synchronous, because the last notice is written while the process exits. */
function toStderr(line: string): void {
  writeSync(2, line);
}
