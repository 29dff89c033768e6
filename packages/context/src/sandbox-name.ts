/** Digits that every tool which shortens a container's id leaves of it. */
const shortDigits = 12;
const containerId = /^[0-9a-f]{12,64}$/;

/**
 * The name that all who speak of one sandbox have in common. A container runtime prints 64 hex digits, sensors print the first few of them, and
 * Kubernetes puts the runtime's name before them; every other id is itself.
 */
export function sandboxName(id: string): string {
  const bare = id.replace(/^[a-z][a-z0-9.+-]{0,30}:\/\//, "");
  return containerId.test(bare) ? bare.slice(0, shortDigits) : bare;
}

/** The address of `ip`, `ip:port` or `[v6]:port`, as sensors print the client of a flow. */
export function addressOf(client: string): string {
  const bracketed = /^\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?$/.exec(client)?.[1];
  if (bracketed !== undefined) return bracketed.toLowerCase();
  const colons = client.split(":").length - 1;
  return (colons === 1 ? client.slice(0, client.indexOf(":")) : client).toLowerCase();
}
