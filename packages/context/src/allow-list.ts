import type { EgressDocument } from "./policy-shape.ts";

export interface HostVerdict {
  readonly allowed: boolean;
  /** The id of the first rule that allows it. */
  readonly rule: string | undefined;
  /** Whom that rule is for, where it says so. */
  readonly purpose?: "agent";
}

/** Whether an allow-list lets a host and port through. A star is exactly one label: `*.example.org` covers neither `example.org` nor `a.b.example.org`. */
export function hostAllowed(host: string, port: number, document: EgressDocument): HostVerdict {
  const folded = foldHost(host);
  const rule = document.rules.find(
    (candidate) => candidate.ports.includes(port) && hostMatches(folded, candidate.host),
  );
  return {
    allowed: rule !== undefined,
    rule: rule?.id,
    ...(rule?.purpose === undefined ? {} : { purpose: rule.purpose }),
  };
}

/** The same for any port: what is known of a call before it runs is a name. */
export function hostListed(host: string, document: EgressDocument): boolean {
  const folded = foldHost(host);
  return document.rules.some((rule) => hostMatches(folded, rule.host));
}

/** DNS names have no case, and a final dot says nothing more. */
function foldHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

function hostMatches(host: string, pattern: string): boolean {
  if (!pattern.startsWith("*.")) return host === pattern;
  const suffix = pattern.slice(1);
  const label = host.slice(0, -suffix.length);
  return host.endsWith(suffix) && label.length > 0 && !label.includes(".");
}
