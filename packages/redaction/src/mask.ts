import { createAnchorIndex } from "./anchor-index.ts";
import type { Span } from "./rule.ts";
import { rules } from "./rules.ts";

export interface Masked {
  readonly text: string;
  /** True where `keepUnits` cut something off. */
  readonly cut: boolean;
}

/** The masks that a call made, by rule. */
export type Counts = Record<string, number>;

const index = createAnchorIndex(rules);

/** The text that stands for a secret. Every `[masked:` a source wrote itself stays as it is: it hides nothing. */
export function maskMark(rule: string): string {
  return `[masked:${rule}]`;
}

/**
 * Replaces every secret by its mark and counts it in `counts`. Linear in the length of the text.
 * Only the first `keepUnits` units are kept; a secret that begins before that place is masked whole.
 */
export function maskText(text: string, counts: Counts, keepUnits: number = text.length): Masked {
  let out = "";
  let kept = 0;
  for (let at = 0; at < text.length; ) {
    const found = next(text, at);
    if (!found || found.span.start >= keepUnits) break;
    const { span, rule } = found;
    out += text.slice(kept, span.start) + maskMark(rule);
    counts[rule] = (counts[rule] ?? 0) + 1;
    kept = span.end;
    at = span.end;
  }
  if (kept === 0) return { text: text.slice(0, keepUnits), cut: keepUnits < text.length };
  return { text: out + text.slice(kept, Math.max(kept, keepUnits)), cut: keepUnits < text.length };
}

interface Found {
  readonly span: Span;
  readonly rule: string;
}

function next(text: string, from: number): Found | undefined {
  let found: Found | undefined;
  index.scan(text, from, ({ rule, anchor }, at) => {
    const span = rule.match(text, at, anchor);
    if (span && span.end > span.start) found = { span, rule: rule.id };
    return found !== undefined;
  });
  return found;
}
