/**
 * Masks for secrets that are obvious by their form, applied before content leaves the process.
 * The collector masks again with its own, wider list: this one only keeps the plain ones off the wire.
 */
export interface Masked {
  readonly text: string;
  readonly count: number;
}

const patterns = {
  private_key: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/,
  authorization:
    /(?<=\bauthorization["']?\s*[:=]\s*["']?(?:bearer |basic |token )?)(?!bearer |basic |token )[^\s"',;\\]{6,}/,
  bearer: /(?<=\bbearer )[\w.~+/=-]{12,}/,
  api_key: /\bsk-[\w-]{16,}/,
  aws_key: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  github_token: /\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,})/,
  gitlab_token: /\bglpat-[\w-]{16,}/,
  npm_token: /\bnpm_\w{30,}/,
  slack_token: /\bxox[abeprs]-[\w-]{10,}/,
  google_key: /\bAIza[\w-]{35}/,
  jwt: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  url_password: /(?<=:\/\/[^\s:/@]{1,64}:)[^\s:/@]{3,128}(?=@)/,
} as const;

const names = Object.keys(patterns);
const anySecret: RegExp = new RegExp(
  Object.values(patterns)
    .map((pattern) => `(${pattern.source})`)
    .join("|"),
  "gi",
);

export function maskSecrets(text: string): Masked {
  let count = 0;
  const masked = text.replace(anySecret, (...groups: unknown[]) => {
    count += 1;
    const kind = names.find((_, index) => groups[index + 1] !== undefined);
    return `[masked:${kind ?? "secret"}]`;
  });
  return { text: masked, count };
}
