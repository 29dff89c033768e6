import type { SignalView } from "@custody/model";
import { filled } from "../attributes.ts";
import { spanKind } from "./fields.ts";

/** Any span marked with a kind, whatever library or application made it: scopes differ between languages and versions. */
export function isOpenInference(item: SignalView): boolean {
  return item.signal === "span" && filled(item.attributes, spanKind) !== undefined;
}
