const bearerPattern = /^Bearer ([A-Za-z0-9._~+/=-]{8,512})$/;
const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a value of `Host` is one of ours, whatever its port. A foreign one is how a rebinding web page would come in. */
export function isServedHost(header: string | undefined, hosts: readonly string[]): boolean {
  const host = (header ?? "").replace(/:\d+$/, "").toLowerCase();
  return loopbackHosts.has(host) || hosts.includes(host);
}

/** The key in an `Authorization` header (RFC 6750 2.1); undefined where there is none that could be a key. */
export function bearerKey(header: string | undefined): string | undefined {
  return bearerPattern.exec(header ?? "")?.[1];
}
