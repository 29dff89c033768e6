/** Parts of paths that hold secrets. */
export const secretPaths: readonly string[] = [
  ".env",
  "id_rsa",
  "id_ed25519",
  "id_ecdsa",
  ".ssh/",
  ".aws/",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".kube/config",
  ".docker/config.json",
  "/etc/shadow",
  "/etc/sudoers",
  ".gnupg",
  "credentials.json",
  "secrets.yaml",
  "secrets.yml",
  "secrets.json",
  ".vault-token",
  ".config/gcloud",
  ".pgpass",
  ".git-credentials",
  ".claude/.credentials.json",
  ".codex/auth.json",
  ".gemini/oauth_creds.json",
  ".bash_history",
  ".zsh_history",
  "terraform.tfstate",
  "login data",
  "/etc/gshadow",
  "/proc/self/environ",
  "service-account.json",
];

/** Addresses at which a cloud hands out its machine's credentials. */
export const metadataHosts: ReadonlySet<string> = new Set([
  "169.254.169.254",
  "metadata.google.internal",
  "100.100.100.200",
  "[fd00:ec2::254]",
]);

/** Programs that say, search or keep text and follow no link in it. */
export const sayers: ReadonlySet<string> = new Set(
  "echo printf cat grep egrep fgrep rg ag sed awk head tail less more cd ls test [ [[ true : jq cut tr sort uniq wc diff tee".split(
    " ",
  ),
);

export const fetchers: ReadonlySet<string> = new Set([
  "curl",
  "wget",
  "http",
  "https",
  "xh",
  "aria2c",
  "nc",
  "ncat",
]);
export const interpreters: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "zsh",
  "dash",
  "ksh",
  "ash",
  "fish",
  "python",
  "python3",
  "node",
  "perl",
  "ruby",
  "php",
  "eval",
  "source",
  ".",
  "pwsh",
  "powershell",
  "iex",
]);
/** Programs whose operands are written, moved or removed. */
export const writers: ReadonlySet<string> = new Set([
  "cp",
  "mv",
  "tee",
  "install",
  "ln",
  "mkdir",
  "touch",
  "rm",
  "rmdir",
  "chmod",
  "chown",
  "unlink",
  "truncate",
  "shred",
  "dd",
]);
/** Statements that destroy data, in any text: lower case, one blank between words. */
export const destructiveStatements: readonly string[] = [
  "drop table",
  "drop database",
  "drop schema",
  "truncate table",
];
