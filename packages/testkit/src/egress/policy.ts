export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export type EgressVerdict =
  | { readonly action: "denied"; readonly rule: null; readonly reason: "not_on_allow_list" }
  | { readonly action: "allowed"; readonly rule: string; readonly upstream: Upstream };

export interface EgressPolicy {
  judge(host: string, port: number): EgressVerdict;
}

/** An allow-list of exact names and `*.suffix` entries, and a table of where names really lead. */
export function createEgressPolicy(
  allow: readonly string[],
  map: Readonly<Record<string, Upstream>>,
): EgressPolicy {
  return {
    judge(host, port) {
      const name = host.toLowerCase();
      const rule = allow.find((entry) => matches(entry, name));
      if (rule === undefined) return { action: "denied", rule: null, reason: "not_on_allow_list" };
      const upstream = map[`${name}:${port}`] ?? map[name] ?? { host: name, port };
      return { action: "allowed", rule, upstream };
    },
  };
}

function matches(entry: string, name: string): boolean {
  return entry.startsWith("*.") ? name.endsWith(entry.slice(1)) : entry === name;
}
