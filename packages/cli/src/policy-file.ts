import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { Stop } from "./exit-code.ts";

/** A policy as its author wrote it; whether it is one, the collector says. */
export function documentIn(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Stop("usage", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
