/** Four numbers with dots, or anything with a colon in it: a host that no name stands for. Compared part by part, for it is hostile. */
export function isAddress(host: string): boolean {
  if (host.includes(":")) return true;
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^[0-9]{1,3}$/.test(part));
}

/** An address of this machine or of a private network (RFC 1918, 4193, 3927, 6598): a proxy, a resolver and a neighbour stand there. */
export function isNear(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (bare === "localhost" || bare.endsWith(".localhost")) return true;
  if (bare.includes(":")) return bare === "::1" || /^f[cde]/.test(bare);
  if (!isAddress(bare)) return false;
  const [first = 0, second = 0] = bare.split(".").map(Number);
  return (
    first === 10 ||
    first === 127 ||
    first === 0 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
