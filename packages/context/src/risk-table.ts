import { fetchers, interpreters, writers } from "./risk-words.ts";

/**
 * The classifier `risk/2`. It reads the words that stand in a command, and what its own text says of variables, aliases, copies, encoded texts and files
 * written a moment before. What only a run would tell is `unknown`. A word here is a reason to look, never a proof of harm or of its absence.
 */
export const classifier = "risk/2";

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
  /** What runs is hidden in something that only a run would tell. */
  "unknown",
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
      "curl wget http https xh aria2c ssh scp sftp ftp mosh telnet nc ncat socat ping ping6 dig nslookup host getent whois traceroute ssh-keyscan gh glab hub lynx links w3m mail mailx sendmail mutt finger rclone ngrok cloudflared chromium chrome google-chrome gsutil s3cmd iwr invoke-webrequest invoke-restmethod irm certutil bitsadmin start-bitstransfer tftp iperf iperf3 websocat grpcurl",
    unless: "--version | --help",
  },
  {
    risk: "network",
    programs: "git",
    when: "clone | fetch | pull | push | ls-remote | remote update | submodule update",
  },
  { risk: "network", programs: "git", when: "archive --remote" },
  { risk: "network", programs: "openssl", when: "s_client" },
  { risk: "network", programs: "python python3", when: "-m http.server | -m SimpleHTTPServer" },
  { risk: "network", programs: "docker podman skopeo", when: "pull | push | login | copy" },
  {
    risk: "network",
    programs:
      "aws gcloud az kubectl helm terraform pulumi fly flyctl vercel netlify heroku wrangler",
  },
  {
    risk: "package_install",
    programs: "npm pnpm",
    when: "install | i | add | ci | update | exec | dlx | create | init",
  },
  {
    risk: "package_install",
    programs: "yarn bun",
    when: "install | add | dlx | upgrade | x | create",
  },
  {
    risk: "package_install",
    programs: "yarn",
    unless: "run | test | build | start | publish | --version | -v | lint | why | list",
  },
  { risk: "package_install", programs: "deno", when: "install | add" },
  { risk: "package_install", programs: "corepack", when: "prepare | enable | use | install" },
  { risk: "package_install", programs: "code cursor windsurf", when: "--install-extension" },
  { risk: "package_install", programs: "gh", when: "extension install" },
  { risk: "package_install", programs: "helm", when: "plugin install" },
  { risk: "package_install", programs: "claude codex gemini qwen", when: "mcp add" },
  { risk: "package_install", programs: "docker podman", when: "run" },
  { risk: "package_install", programs: "easy_install cpan cpanm" },
  { risk: "package_install", programs: "luarocks flatpak", when: "install" },
  { risk: "package_install", programs: "nix-env", when: "-i | -iA | --install" },
  { risk: "package_install", programs: "nix", when: "run | shell | profile install" },
  { risk: "package_install", programs: "uv", when: "run --with | tool run" },
  { risk: "package_install", programs: "python python3", when: "setup.py install | -m ensurepip" },
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
    unless: "test | build | run | check",
  },
  {
    risk: "package_install",
    programs: "apt apt-get apk dnf yum brew zypper snap choco winget",
    when: "install | add | upgrade",
    unless: "list | search | show | info",
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
  {
    risk: "destructive",
    programs: "remove-item rd rmdir del erase ri",
    when: "-Recurse | -recurse | -r | /s | /S",
  },
  { risk: "destructive", programs: "git", when: "push --mirror" },
  { risk: "destructive", programs: "rsync", when: "--delete | --delete-after | --delete-before" },
  { risk: "destructive", programs: "redis-cli", when: "FLUSHALL | FLUSHDB | flushall | flushdb" },
  { risk: "destructive", programs: "docker podman", when: "-v /:" },
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
  { risk: "secret_access", programs: "gh", when: "auth token | auth status --show-token | secret" },
  { risk: "secret_access", programs: "git", when: "credential fill" },
  { risk: "secret_access", programs: "export declare typeset", when: "-p | -x | -px" },
  {
    risk: "secret_access",
    programs: "docker podman",
    when: "inspect {{.Config.Env}} | inspect --format",
  },
  {
    risk: "secret_access",
    programs: "aws",
    when: "secretsmanager | ssm get-parameter | sts get-session-token | configure export-credentials | configure get",
  },
  {
    risk: "secret_access",
    programs: "gcloud",
    when: "auth print-access-token | auth print-identity-token | secrets",
  },
  {
    risk: "secret_access",
    programs: "kubectl",
    when: "get secret | get secrets | describe secret | config view --raw",
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
      "ls cat head tail grep egrep fgrep rg ag wc pwd echo printf stat file du df tree which type whoami id uname date basename dirname realpath readlink uniq cut tr diff cmp comm column nl od xxd hexdump sha256sum md5sum cksum true false test [ [[ sleep jq cd less more uptime nproc hostname",
  },
  { programs: "sort", unless: "-o | --output" },
  { programs: "find", unless: "-exec | -execdir | -ok | -delete | -fprint" },
  { programs: "sed awk gawk", unless: "-i | --in-place" },
  {
    programs: "git",
    when: "status | log | diff | show | blame | rev-parse | ls-files | ls-tree | describe | grep | shortlog | cat-file",
  },
];

/** Every program that the tables know by name. */
export const knownPrograms: ReadonlySet<string> = new Set([
  ...[...riskTable, ...readOnlyTable].flatMap(({ programs }) => programs.split(" ")),
  ...fetchers,
  ...interpreters,
  ...writers,
]);
