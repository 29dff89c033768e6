import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";

/** Whether a URL leads to one of our own ports, as far as names and addresses of this machine tell. */
export async function isOwnEndpoint(text: string, ports: readonly number[]): Promise<boolean> {
  const url = new URL(text);
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (!ports.includes(port)) return false;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
  );
  return addresses.some(
    ({ address }) =>
      own.has(address) || /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:(?:127\.|7f))/.test(address),
  );
}
