/** A metric as an expression names it, with the labels it is chosen by. */
interface Selected {
  readonly metric: string;
  readonly labels: readonly string[];
}

export interface Expression {
  readonly selected: readonly Selected[];
  /** Labels that series are brought together by. */
  readonly grouped: readonly string[];
}

const functions: ReadonlySet<string> = new Set(
  "absent histogram_quantile increase predict_linear rate time".split(" "),
);
const aggregations: ReadonlySet<string> = new Set("max sum topk".split(" "));
const operators: ReadonlySet<string> = new Set("and or".split(" "));

interface Token {
  readonly kind: "word" | "text" | "number" | "range" | "sign";
  readonly text: string;
}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["range", /^\[(?:\d+[smhd]|\$__rate_interval)\]/],
  ["number", /^\d+(?:\.\d+)?/],
  ["text", /^"(?:[^"\\]|\\.)*"/],
  ["word", /^[a-zA-Z_][a-zA-Z0-9_]*/],
  ["sign", /^(?:=~|!~|!=|==|>=|<=|[-+*/(){},=<>])/],
];

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let rest = text.trimStart(); rest !== ""; rest = rest.trimStart()) {
    const found = patterns.flatMap(([kind, pattern]) => {
      const [read] = pattern.exec(rest) ?? [];
      return read === undefined ? [] : [{ kind, text: read }];
    })[0];
    if (found === undefined) throw new Error(`no PromQL: ${rest}`);
    tokens.push(found);
    rest = rest.slice(found.text.length);
  }
  return tokens;
}

/** Reads of PromQL what our rules and panels use; throws at anything else, so that nothing goes by unread. */
export function readExpression(text: string): Expression {
  const tokens = tokensOf(text);
  const selected: Selected[] = [];
  const grouped: string[] = [];
  let depth = 0;
  let at = 0;
  const sign = (expected: string): void => {
    if (tokens[at++]?.text !== expected) throw new Error(`${expected} is missing: ${text}`);
  };
  const labels = (open: string, close: string, withValues: boolean): readonly string[] => {
    sign(open);
    const names: string[] = [];
    while (tokens[at]?.text !== close) {
      const name = tokens[at++];
      if (name?.kind !== "word") throw new Error(`no label: ${text}`);
      names.push(name.text);
      if (withValues) {
        if (!/^(?:=|!=|=~|!~)$/.test(tokens[at++]?.text ?? ""))
          throw new Error(`no match: ${text}`);
        if (tokens[at++]?.kind !== "text") throw new Error(`no value: ${text}`);
      }
      if (tokens[at]?.text === ",") at++;
    }
    at++;
    return names;
  };
  while (at < tokens.length) {
    const token = tokens[at++];
    if (token?.text === "(") depth++;
    if (token?.text === ")" && --depth < 0) throw new Error(`a bracket too many: ${text}`);
    if (token?.kind !== "word" || operators.has(token.text)) continue;
    if (aggregations.has(token.text)) {
      if (tokens[at]?.text !== "by") continue;
      at++;
      grouped.push(...labels("(", ")", false));
    } else if (functions.has(token.text)) {
      if (tokens[at]?.text !== "(") throw new Error(`${token.text} of nothing: ${text}`);
    } else {
      const chosen = tokens[at]?.text === "{" ? labels("{", "}", true) : [];
      selected.push({ metric: token.text, labels: chosen });
    }
  }
  if (depth !== 0) throw new Error(`a bracket is open: ${text}`);
  return { selected, grouped };
}
