import { authorityHost, hostName } from "./host-name.ts";
import type { ProgramCall } from "./programs.ts";

/** How a program names hosts when it does not use a URL. */
type HostForm = "address" | "first" | "remote_path" | "image" | "package";

const forms: ReadonlyMap<string, HostForm> = new Map<string, HostForm>([
  ["curl", "address"],
  ["wget", "address"],
  ["http", "address"],
  ["https", "address"],
  ["xh", "address"],
  ["aria2c", "address"],
  ["ssh", "first"],
  ["sftp", "first"],
  ["mosh", "first"],
  ["telnet", "first"],
  ["nc", "first"],
  ["ncat", "first"],
  ["ping", "first"],
  ["dig", "first"],
  ["nslookup", "first"],
  ["host", "first"],
  ["whois", "first"],
  ["traceroute", "first"],
  ["ftp", "first"],
  ["ssh-keyscan", "first"],
  ["scp", "remote_path"],
  ["rsync", "remote_path"],
  ["git", "remote_path"],
  ["docker", "image"],
  ["podman", "image"],
  ["skopeo", "image"],
  ["npm", "package"],
  ["npx", "package"],
  ["pnpm", "package"],
  ["yarn", "package"],
  ["bun", "package"],
]);

/** Flags that take the next word, by program; a word after one is no host. */
const valueFlags: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    curl: "o m H d X u A e b c F T w E K D Q r U y Y z C P t",
    wget: "O o a P t T U e i Q w l D A R B",
    ssh: "p i o l L R D J F c m b e E I S W w Q",
    nc: "p s w i X x",
    ping: "c i W w s t I",
  }).map(([program, flags]) => [program, new Set(flags.split(" ").map((flag) => `-${flag}`))]),
);

const services: ReadonlyMap<string, string> = new Map([
  ["github:", "github.com"],
  ["gitlab:", "gitlab.com"],
  ["bitbucket:", "bitbucket.org"],
]);

/** Hosts that a command names without a URL. */
export function programHosts(call: ProgramCall, add: (host: string) => void): void {
  const form = forms.get(call.program);
  if (form === undefined) return;
  for (const word of operands(call)) {
    const host = readers[form](word);
    if (host !== undefined) add(host);
    if (form === "first" && (host !== undefined || !word.includes("="))) return;
  }
}

const readers: Readonly<Record<HostForm, (word: string) => string | undefined>> = {
  address: (word) => (word.includes("://") ? undefined : dotted(authorityHost(word, 0))),
  first: (word) => (word.includes("://") ? undefined : hostName(afterUser(word), true)),
  remote_path: (word) => {
    if (word.includes("://")) return undefined;
    const colon = word.indexOf(":");
    const slash = word.indexOf("/");
    if (colon <= 0 || (slash >= 0 && slash < colon)) return undefined;
    // `a:b` may be a refspec; a user or a dot makes it a host.
    const name = afterUser(word.slice(0, colon));
    return hostName(name, word.includes("@"));
  },
  image: (word) => {
    const [first = "", rest] = word.split("/", 2);
    return rest === undefined ? undefined : dotted(authorityHost(first, 0));
  },
  package: (word) => {
    const prefix = [...services.keys()].find((service) => word.startsWith(service));
    return prefix === undefined ? undefined : services.get(prefix);
  },
};

function dotted(host: string | undefined): string | undefined {
  return host !== undefined && (host === "localhost" || host.includes(".") || host.startsWith("["))
    ? host
    : undefined;
}

function afterUser(word: string): string {
  return word.slice(word.lastIndexOf("@") + 1);
}

function operands({ program, words }: ProgramCall): readonly string[] {
  const values = valueFlags.get(program);
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word.startsWith("-")) {
      if (values?.has(word)) at++;
    } else out.push(word);
  }
  return out;
}
