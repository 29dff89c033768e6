import type { SignalView } from "@custody/model";
import { filled } from "../attributes.ts";
import { runType } from "./fields.ts";

/** Any span that LangSmith marked with the type of its run, whatever framework made it. */
export function isLangChain(item: SignalView): boolean {
  return item.signal === "span" && filled(item.attributes, runType) !== undefined;
}
