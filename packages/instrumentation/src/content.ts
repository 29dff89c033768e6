import { type AttributeList, put } from "./attribute-list.ts";
import { custody } from "./attributes.ts";
import { limits } from "./limits.ts";
import { maskSecrets } from "./mask.ts";
import type { ContentMode } from "./settings.ts";

/** What a text is to the content switch: what a tool was given and gave, or what was said to the model. */
export type ContentClass = "tool" | "prompt";

/** A text made ready to leave: masked and cut once, for every span that carries it. */
export interface Prepared {
  readonly text: string | undefined;
  readonly state: "captured" | "truncated" | "withheld";
  readonly masks: number;
}

/** Keeps count of what became of the content of one span. */
export interface ContentState {
  /** Writes the content as an attribute, if it may leave. */
  write(list: AttributeList, attribute: string, content: Prepared | undefined): void;
  /** Writes `custody.content` and `custody.redacted`; once, when all content is written. */
  close(list: AttributeList): void;
}

const allowed: Readonly<Record<ContentMode, readonly ContentClass[]>> = {
  all: ["tool", "prompt"],
  tools: ["tool"],
  none: [],
};

export function prepareContent(
  mode: ContentMode,
  what: ContentClass,
  text: string | undefined,
  charsMax: number,
): Prepared | undefined {
  if (text === undefined) return undefined;
  if (!allowed[mode].includes(what)) return { text: undefined, state: "withheld", masks: 0 };
  const whole = text.length <= charsMax;
  // Masking looks past the cut, so that half a secret never stands at the end.
  const masked = maskSecrets(whole ? text : text.slice(0, charsMax + limits.maskMarginChars));
  const state = whole ? "captured" : "truncated";
  return { text: cut(masked.text, charsMax), state, masks: masked.count };
}

/** The beginning of what is prepared already. */
export function excerptOf(content: Prepared | undefined, charsMax: number): Prepared | undefined {
  if (content?.text === undefined || content.text.length <= charsMax) return content;
  return { ...content, text: cut(content.text, charsMax), state: "truncated" };
}

export function createContentState(): ContentState {
  let masks = 0;
  let state: Prepared["state"] | undefined;
  return {
    write(list, attribute, content) {
      if (content === undefined) return;
      put(list, attribute, content.text);
      masks += content.masks;
      state = worse(state, content.state);
    },
    close(list) {
      put(list, custody.content, state);
      if (masks > 0) put(list, custody.redacted, masks);
    },
  };
}

/** Cut says more than kept, and either says more than withheld: something is there to be read. */
function worse(left: Prepared["state"] | undefined, right: Prepared["state"]): Prepared["state"] {
  if (left === "truncated" || right === "truncated") return "truncated";
  return left === "captured" || right === "captured" ? "captured" : "withheld";
}

/** Cuts without leaving half of a surrogate pair. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? charsMax - 1 : charsMax);
}
