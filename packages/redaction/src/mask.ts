import type { Match, Rule, Span } from "./rule.ts";
import { rules } from "./rules.ts";

export interface Masked {
  readonly text: string;
  /** True where `keepUnits` cut something off. */
  readonly cut: boolean;
}

/** The masks that a call made, by rule. */
export type Counts = Record<string, number>;

interface Candidate {
  readonly rule: Rule;
  readonly anchor: string;
}

const anyCase = (literal: string): string =>
  literal.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const quoted = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

const candidates: readonly Candidate[] = rules
  .flatMap((rule) => rule.anchors.map((anchor) => ({ rule, anchor })))
  .sort((a, b) => b.anchor.length - a.anchor.length);

/** Made of our own literals only: an alternation without any repetition, so it costs one pass. */
const anchors = new RegExp(
  [
    ...new Set(
      candidates.map(({ rule, anchor }) =>
        rule.anyCase ? anyCase(quoted(anchor)) : quoted(anchor),
      ),
    ),
  ].join("|"),
  "g",
);

const none: readonly Candidate[] = [];

/** By the anchor as written: every candidate whose own anchor stands at that place too, longest first. */
const byAnchor: ReadonlyMap<string, readonly Candidate[]> = new Map(
  candidates.map(({ anchor }) => [
    anchor.toLowerCase(),
    candidates.filter((other) => anchor.toLowerCase().startsWith(other.anchor.toLowerCase())),
  ]),
);

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

function next(
  text: string,
  from: number,
): { readonly span: Span; readonly rule: string } | undefined {
  anchors.lastIndex = from;
  for (let hit = anchors.exec(text); hit; hit = anchors.exec(text)) {
    for (const { rule, anchor } of byAnchor.get(hit[0].toLowerCase()) ?? none) {
      if (!rule.anyCase && !text.startsWith(anchor, hit.index)) continue;
      const span: Match = rule.match(text, hit.index, anchor);
      if (span && span.end > span.start) return { span, rule: rule.id };
    }
    anchors.lastIndex = hit.index + 1;
  }
  return undefined;
}
