import type { AttributeView } from "@custody/model";
import { flatArguments } from "./fields.ts";

/** Arguments that an instrumentation wrote one attribute each, as the object they once were. */
export function argumentsUnder(view: AttributeView): string | undefined {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  let any = false;
  for (const name of view.names()) {
    if (!name.startsWith(flatArguments)) continue;
    found[name.slice(flatArguments.length)] = view.text(name) ?? "";
    any = true;
  }
  return any ? JSON.stringify(found) : undefined;
}
