/**
 * The classifier `risk/1`. It looks at the words that stand in a command, so a script file, a variable, an alias, an encoded text or a
 * program written a moment before hides what it does. A word here is a reason to look, never a proof of harm or of its absence.
 */
export const classifier = "risk/1";

/** Closed list; `read_only` stands alone: it says that every program of the command is known to change nothing. */
export const riskWords = [
  "read_only",
  "workspace_write",
  "network",
  "package_install",
  "vcs_push",
  "secret_access",
  "outside_workspace",
  "privilege",
  "pipe_to_shell",
  "destructive",
  "deploy",
] as const;
export type RiskWord = (typeof riskWords)[number];

/** A row holds where one of the programs runs and, if `when` is given, the words of one alternative follow in order. */
export interface RiskRow {
  readonly risk: RiskWord;
  readonly programs: string;
  /** Alternatives separated by `|`; words by blanks; a short flag also counts inside a cluster (`-f` in `-rf`). */
  readonly when?: string;
  /** Alternatives that take the row back. */
  readonly unless?: string;
}

export const riskTable: readonly RiskRow[] = [
  {
    risk: "network",
    programs:
      "curl wget http https xh aria2c ssh scp sftp ftp mosh telnet nc ncat socat ping dig nslookup host whois traceroute rsync ssh-keyscan gh glab hub",
  },
  {
    risk: "network",
    programs: "git",
    when: "clone | fetch | pull | push | ls-remote | remote update | submodule update",
  },
  { risk: "network", programs: "docker podman skopeo", when: "pull | push | login | copy" },
  {
    risk: "network",
    programs:
      "aws gcloud az kubectl helm terraform pulumi fly flyctl vercel netlify heroku wrangler",
  },
  {
    risk: "package_install",
    programs: "npm pnpm",
    when: "install | i | add | ci | update | exec | dlx",
  },
  { risk: "package_install", programs: "yarn bun", when: "install | add | dlx | upgrade | x" },
  { risk: "package_install", programs: "npx bunx uvx pipx" },
  { risk: "package_install", programs: "pip pip3", when: "install | download" },
  { risk: "package_install", programs: "python python3", when: "-m pip install" },
  {
    risk: "package_install",
    programs: "uv poetry pdm conda mamba",
    when: "add | install | sync | tool install",
  },
  {
    risk: "package_install",
    programs: "cargo go gem bundle composer dotnet",
    when: "install | add | get | require | update",
  },
  {
    risk: "package_install",
    programs: "apt apt-get apk dnf yum brew zypper snap choco winget",
    when: "install | add | upgrade",
  },
  { risk: "package_install", programs: "pacman", when: "-S" },
  { risk: "package_install", programs: "dpkg rpm", when: "-i | --install" },
  { risk: "vcs_push", programs: "git", when: "push" },
  {
    risk: "vcs_push",
    programs: "gh glab hub",
    when: "pr create | pr merge | mr create | mr merge | release create | repo create | api",
  },
  { risk: "vcs_push", programs: "svn", when: "commit | ci" },
  { risk: "vcs_push", programs: "hg", when: "push" },
  { risk: "destructive", programs: "rm", when: "-r | -R | --recursive" },
  {
    risk: "destructive",
    programs: "git",
    when: "reset --hard | clean -f | clean --force | push --force | push -f | push --force-with-lease | push --delete | branch -D | checkout -- | stash drop | stash clear | filter-branch | update-ref -d | reflog expire",
  },
  {
    risk: "destructive",
    programs: "dd shred wipefs mkfs mkfs.ext4 fdisk parted truncate shutdown reboot halt",
  },
  { risk: "destructive", programs: "find", when: "-delete | -exec rm" },
  { risk: "destructive", programs: "kubectl", when: "delete | drain" },
  {
    risk: "destructive",
    programs: "docker podman",
    when: "system prune | volume rm | volume prune | image prune",
  },
  { risk: "destructive", programs: "terraform pulumi tofu", when: "destroy" },
  { risk: "destructive", programs: "aws", when: "s3 rm | s3 rb | ec2 terminate-instances" },
  { risk: "destructive", programs: "dropdb dropuser" },
  { risk: "secret_access", programs: "printenv" },
  { risk: "secret_access", programs: "gh", when: "auth token | secret" },
  {
    risk: "secret_access",
    programs: "aws",
    when: "secretsmanager | ssm get-parameter | sts get-session-token | configure export-credentials",
  },
  {
    risk: "secret_access",
    programs: "gcloud",
    when: "auth print-access-token | auth print-identity-token | secrets",
  },
  {
    risk: "secret_access",
    programs: "kubectl",
    when: "get secret | get secrets | describe secret",
  },
  { risk: "secret_access", programs: "vault", when: "read | kv" },
  {
    risk: "secret_access",
    programs: "security",
    when: "find-generic-password | find-internet-password | dump-keychain",
  },
  { risk: "secret_access", programs: "op pass bw secret-tool" },
  { risk: "privilege", programs: "sudo doas su pkexec runas setcap usermod visudo" },
  { risk: "privilege", programs: "chmod", when: "u+s | g+s | +s | 4755 | 777" },
  {
    risk: "deploy",
    programs: "kubectl",
    when: "apply | create | rollout | scale | set | patch | replace",
  },
  { risk: "deploy", programs: "helm", when: "install | upgrade | rollback | uninstall" },
  { risk: "deploy", programs: "terraform tofu", when: "apply | destroy" },
  { risk: "deploy", programs: "pulumi", when: "up | destroy" },
  { risk: "deploy", programs: "docker podman", when: "push" },
  { risk: "deploy", programs: "npm pnpm yarn cargo bun", when: "publish" },
  { risk: "deploy", programs: "twine", when: "upload" },
  { risk: "deploy", programs: "gem", when: "push" },
  {
    risk: "deploy",
    programs: "aws",
    when: "deploy | lambda update-function-code | cloudformation deploy | ecs update-service | s3 sync",
  },
  {
    risk: "deploy",
    programs: "gcloud fly flyctl netlify wrangler serverless sls cdk eb firebase az railway",
    when: "deploy | publish",
  },
  { risk: "deploy", programs: "vercel ansible-playbook cap" },
  { risk: "deploy", programs: "git", when: "push heroku | push production" },
  {
    risk: "workspace_write",
    programs: "patch apply_patch tar unzip make cmake ninja gradle mvn",
  },
  { risk: "workspace_write", programs: "sed perl", when: "-i | --in-place" },
  {
    risk: "workspace_write",
    programs: "git",
    when: "add | commit | checkout | switch | merge | rebase | reset | stash | cherry-pick | revert | rm | mv | apply | am | tag | clone | init | pull",
  },
];

/** Programs that only read, as long as nothing is redirected to a file. With `when`, only in that use. */
export const readOnlyTable: readonly Omit<RiskRow, "risk">[] = [
  {
    programs:
      "ls cat head tail grep egrep fgrep rg ag wc pwd echo printf stat file du df tree which type whoami id uname date basename dirname realpath readlink uniq cut tr diff cmp comm column nl od xxd hexdump sha256sum md5sum cksum true false test [ sleep jq cd less more uptime nproc hostname",
  },
  { programs: "sort", unless: "-o | --output" },
  { programs: "find", unless: "-exec | -execdir | -ok | -delete | -fprint" },
  { programs: "sed awk gawk", unless: "-i | --in-place" },
  {
    programs: "git",
    when: "status | log | diff | show | blame | rev-parse | ls-files | ls-tree | describe | grep | shortlog | cat-file",
  },
];

/** Parts of paths that hold secrets. */
export const secretPaths: readonly string[] = [
  ".env",
  "id_rsa",
  "id_ed25519",
  "id_ecdsa",
  ".ssh/",
  ".aws/credentials",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".kube/config",
  ".docker/config.json",
  "/etc/shadow",
  "/etc/sudoers",
  ".git-credentials",
  ".gnupg",
  "credentials.json",
  "secrets.yaml",
  "secrets.yml",
  "secrets.json",
  ".vault-token",
  ".config/gcloud",
  ".pgpass",
  "/proc/self/environ",
  "service-account.json",
];

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
