import type { CallSpan } from "./call-span.ts";

/** The registries that package managers reach by themselves: a call that installs needs not name them. */
const registries: ReadonlySet<string> = new Set([
  "registry.npmjs.org",
  "registry.yarnpkg.com",
  "pypi.org",
  "files.pythonhosted.org",
  "index.crates.io",
  "static.crates.io",
  "crates.io",
  "proxy.golang.org",
  "sum.golang.org",
  "rubygems.org",
  "index.rubygems.org",
  "repo.maven.apache.org",
  "repo1.maven.org",
  "plugins.gradle.org",
  "api.nuget.org",
  "deb.debian.org",
  "security.debian.org",
  "archive.ubuntu.com",
  "security.ubuntu.com",
  "ports.ubuntu.com",
  "dl-cdn.alpinelinux.org",
]);

/** The forges that version control reaches by a remote's name: `git push` names no host. */
const forges: ReadonlySet<string> = new Set([
  "github.com",
  "ssh.github.com",
  "gitlab.com",
  "bitbucket.org",
  "codeberg.org",
  "dev.azure.com",
  "ssh.dev.azure.com",
]);

/** Whether a call reaches a host without naming it: a public registry where it installs, a public forge where it names no host at all. */
export function impliesHost({ installs, isNetwork, hosts }: CallSpan, host: string): boolean {
  return (installs && registries.has(host)) || (isNetwork && hosts.size === 0 && forges.has(host));
}
