import type { Attributes } from "@opentelemetry/api";
import { custody } from "./attributes.ts";
import { limits } from "./limits.ts";
import { maskSecrets } from "./mask.ts";
import type { ContentMode } from "./settings.ts";

/** What a text is to the content switch: what a tool was given and gave, or what was said to the model. */
export type ContentClass = "tool" | "prompt";

/** Collects content for one span: masked, cut, or withheld, and says which. */
export interface ContentWriter {
  add(attribute: string, text: string | undefined, what: ContentClass, charsMax?: number): void;
  /** The attributes collected, with `custody.content` and `custody.redacted`. */
  attributes(): Attributes;
}

const allowed: Readonly<Record<ContentMode, readonly ContentClass[]>> = {
  all: ["tool", "prompt"],
  tools: ["tool"],
  none: [],
};

export function createContentWriter(mode: ContentMode): ContentWriter {
  const collected: Attributes = {};
  let masks = 0;
  let state: "captured" | "truncated" | "withheld" | undefined;
  return {
    add(attribute, text, what, charsMax = limits.contentCharsMax) {
      if (text === undefined) return;
      if (!allowed[mode].includes(what)) {
        state ??= "withheld";
        return;
      }
      // Masking looks past the cut, so that half a secret never stands at the end.
      const masked = maskSecrets(text.slice(0, charsMax + limits.maskMarginChars));
      masks += masked.count;
      collected[attribute] = cut(masked.text, charsMax);
      if (text.length > charsMax) state = "truncated";
      else if (state !== "truncated") state = "captured";
    },
    attributes() {
      if (state !== undefined) collected[custody.content] = state;
      if (masks > 0) collected[custody.redacted] = masks;
      return collected;
    },
  };
}

/** Cuts without leaving half of a surrogate pair. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? charsMax - 1 : charsMax);
}
