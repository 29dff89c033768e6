/**
 * Masks for secrets that are obvious by their form, applied before content leaves the process.
 * The collector masks again with its own, wider list: this one only keeps the plain ones off the wire.
 */
export interface Masked {
  readonly text: string;
  readonly count: number;
}

interface MaskRule {
  readonly name: string;
  /** One of these is in every text the pattern matches: looking for them is far cheaper than matching. */
  readonly anchors: readonly string[];
  readonly pattern: RegExp;
}

/** In order: a rule never matches what an earlier one has put in a secret's place. */
const rules: readonly MaskRule[] = [
  {
    name: "private_key",
    anchors: ["PRIVATE KEY-----"],
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  {
    name: "url_password",
    anchors: ["://"],
    pattern: /(?<=:\/\/[^\s:/@]{1,64}:)[^\s:/@]{3,128}(?=@)/g,
  },
  {
    name: "authorization",
    anchors: ["uthorization", "UTHORIZATION"],
    pattern:
      /(?<=\bauthorization["']?\s*[:=]\s*["']?(?:bearer |basic |token )?)(?!bearer |basic |token )[^\s"',;\\]{6,}/gi,
  },
  { name: "bearer", anchors: ["earer ", "EARER "], pattern: /(?<=\bbearer )[\w.~+/=-]{12,}/gi },
  { name: "api_key", anchors: ["sk-"], pattern: /\bsk-[\w-]{16,}/g },
  { name: "aws_key", anchors: ["AKIA", "ASIA"], pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  {
    name: "github_token",
    anchors: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    pattern: /\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,})/g,
  },
  { name: "gitlab_token", anchors: ["glpat-"], pattern: /\bglpat-[\w-]{16,}/g },
  { name: "npm_token", anchors: ["npm_"], pattern: /\bnpm_\w{30,}/g },
  { name: "slack_token", anchors: ["xox"], pattern: /\bxox[abeprs]-[\w-]{10,}/g },
  { name: "google_key", anchors: ["AIza"], pattern: /\bAIza[\w-]{35}/g },
  { name: "jwt", anchors: ["eyJ"], pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g },
];

export function maskSecrets(text: string): Masked {
  let masked = text;
  let count = 0;
  for (const { name, anchors, pattern } of rules) {
    if (!anchors.some((anchor) => masked.includes(anchor))) continue;
    masked = masked.replace(pattern, () => {
      count += 1;
      return `[masked:${name}]`;
    });
  }
  return { text: masked, count };
}
