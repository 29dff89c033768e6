import { keyKinds } from "@custody/model";
import { type Alphabet, alphabets, isIn, runEnd, startsToken } from "./alphabet.ts";
import type { Match, Rule } from "./rule.ts";

/** A secret that names itself: a literal prefix, then a run of an alphabet. */
interface Token {
  readonly id: string;
  readonly description: string;
  readonly source: string;
  readonly prefixes: readonly string[];
  readonly alphabet: Alphabet;
  /** Units after the prefix. A longer run is masked whole, unless `exact`. */
  readonly unitsMin: number;
  readonly exact?: boolean;
  /** The prefix is too common inside words to count there. */
  readonly atStart?: boolean;
  /** The run must hold a digit and a letter: words joined by dashes do not count. */
  readonly mixed?: boolean;
  /** The prefix names a host, and a mask never covers a host. */
  readonly keepsPrefix?: boolean;
}

const { alnum, url, upperDigit, hex, base64 } = alphabets;
const leaks = "gitleaks default configuration, rule";

const tokens: readonly Token[] = [
  {
    id: "anthropic_key",
    description: "Anthropic API or OAuth key",
    source: "docs.anthropic.com, API keys start with sk-ant-",
    prefixes: ["sk-ant-"],
    alphabet: url,
    unitsMin: 16,
  },
  {
    id: "openai_key",
    description: "OpenAI key: legacy, project, service account, admin",
    source: "platform.openai.com, API keys start with sk-",
    prefixes: ["sk-"],
    alphabet: url,
    unitsMin: 20,
    atStart: true,
    mixed: true,
  },
  {
    id: "github_token",
    description: "GitHub personal, OAuth, user, server and refresh tokens",
    source: "GitHub blog, Behind GitHub's new authentication token formats (2021)",
    prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    alphabet: alnum,
    unitsMin: 36,
  },
  {
    id: "github_token",
    description: "GitHub fine-grained personal token",
    source: "GitHub docs, token prefixes",
    prefixes: ["github_pat_"],
    alphabet: alphabets.word,
    unitsMin: 22,
  },
  {
    id: "gitlab_token",
    description: "GitLab personal, runner, deploy and trigger tokens",
    source: "GitLab docs, token overview",
    prefixes: ["glpat-", "glrt-", "gldt-", "glptt-"],
    alphabet: url,
    unitsMin: 20,
  },
  {
    id: "aws_key_id",
    description: "AWS access key id",
    source: "AWS IAM reference, unique identifiers",
    prefixes: ["AKIA", "ASIA", "ABIA", "ACCA"],
    alphabet: upperDigit,
    unitsMin: 16,
    exact: true,
  },
  {
    id: "google_key",
    description: "Google API key",
    source: `${leaks} gcp-api-key`,
    prefixes: ["AIza"],
    alphabet: url,
    unitsMin: 35,
  },
  {
    id: "google_oauth",
    description: "Google OAuth access token",
    source: "Google identity docs, access tokens",
    prefixes: ["ya29."],
    alphabet: url,
    unitsMin: 20,
  },
  {
    id: "slack_token",
    description: "Slack bot, user, app, refresh and legacy tokens",
    source: "docs.slack.dev, token types",
    prefixes: ["xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxe.", "xoxo-", "xoxr-", "xoxs-", "xapp-"],
    alphabet: url,
    unitsMin: 10,
  },
  {
    id: "slack_webhook",
    description: "The secret path of a Slack incoming webhook",
    source: "docs.slack.dev, incoming webhooks",
    prefixes: ["hooks.slack.com/services/"],
    alphabet: base64,
    unitsMin: 20,
    keepsPrefix: true,
  },
  {
    id: "stripe_key",
    description: "Stripe secret and restricted keys, webhook secrets",
    source: "docs.stripe.com/keys",
    prefixes: ["sk_live_", "rk_live_", "sk_test_", "rk_test_", "whsec_"],
    alphabet: alnum,
    unitsMin: 16,
  },
  {
    id: "npm_token",
    description: "npm access token",
    source: "GitHub blog, npm token format (2021)",
    prefixes: ["npm_"],
    alphabet: alnum,
    unitsMin: 36,
  },
  {
    id: "pypi_token",
    description: "PyPI upload token",
    source: `${leaks} pypi-upload-token`,
    prefixes: ["pypi-AgE"],
    alphabet: url,
    unitsMin: 50,
  },
  {
    id: "huggingface_token",
    description: "Hugging Face access token",
    source: `${leaks} huggingface-access-token`,
    prefixes: ["hf_"],
    alphabet: alnum,
    unitsMin: 34,
    atStart: true,
  },
  {
    id: "digitalocean_token",
    description: "DigitalOcean personal and OAuth tokens",
    source: `${leaks} digitalocean-pat`,
    prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"],
    alphabet: hex,
    unitsMin: 64,
  },
  {
    id: "sendgrid_key",
    description: "SendGrid API key",
    source: `${leaks} sendgrid-api-token`,
    prefixes: ["SG."],
    alphabet: alphabets.dotted,
    unitsMin: 60,
    atStart: true,
  },
  {
    id: "databricks_token",
    description: "Databricks personal token",
    source: `${leaks} databricks-api-token`,
    prefixes: ["dapi"],
    alphabet: hex,
    unitsMin: 32,
    atStart: true,
  },
  {
    id: "linear_key",
    description: "Linear API key",
    source: `${leaks} linear-api-key`,
    prefixes: ["lin_api_"],
    alphabet: alnum,
    unitsMin: 40,
  },
  {
    id: "shopify_token",
    description: "Shopify access tokens and shared secrets",
    source: `${leaks} shopify-access-token`,
    prefixes: ["shpat_", "shpca_", "shppa_", "shpss_"],
    alphabet: hex,
    unitsMin: 32,
  },
  {
    id: "custody_key",
    description: "A key of this product",
    source: "contract section 3: custody_<kind>_ and random letters",
    prefixes: keyKinds.map((kind) => `custody_${kind}_`),
    alphabet: url,
    unitsMin: 20,
  },
];

export const tokenRules: readonly Rule[] = tokens.map((token) => ({
  id: token.id,
  description: token.description,
  source: token.source,
  anchors: token.prefixes,
  match: (text, at, anchor) => matchToken(token, text, at, anchor),
}));

function matchToken(token: Token, text: string, at: number, anchor: string): Match {
  if (token.atStart && !startsToken(text, at)) return undefined;
  const from = at + anchor.length;
  // One unit more than an exact token tells a token from a longer run of the same letters.
  const end = runEnd(token.alphabet, text, from, token.exact ? token.unitsMin + 1 : undefined);
  const units = end - from;
  if (units < token.unitsMin || (token.exact && units !== token.unitsMin)) return undefined;
  if (token.mixed && !isMixed(text, from, end)) return undefined;
  return { start: token.keepsPrefix ? from : at, end };
}

/** Bounded: a digit and a letter within the first units, or it is prose. */
function isMixed(text: string, from: number, end: number): boolean {
  let digit = false;
  let letter = false;
  for (let at = from; at < end && at < from + 64; at++) {
    digit ||= isIn(alphabets.digit, text, at);
    letter ||= isIn(alphabets.letter, text, at);
  }
  return digit && letter;
}
