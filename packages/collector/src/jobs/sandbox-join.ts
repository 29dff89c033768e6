import { addressOf, joinSandboxes, knownSandboxes, type LinkFact } from "@custody/context";
import {
  type Asked,
  linksOf,
  sandboxesSince,
  sandboxesWith,
  sandboxRecords,
} from "@custody/storage/queries";
import { type Join, worthWriting } from "./join-kind.ts";

/** Addresses of one question. */
const askedMax = 64;
const addressMark = "@";

/** What an address stands in line as: a flow came from it, and it may have been a sandbox's. */
export function addressKey(client: string): string {
  return `${addressMark}${addressOf(client)}`;
}

/** What stands in line here is a sandbox by its id, or an address that a sandbox may have had. */
export const sandboxJoin: Join = {
  sweep: sandboxesSince,
  async joinable(asked, names) {
    const addresses = names.flatMap((name) => addressIn(name) ?? []);
    const had = new Set<string>();
    for (let from = 0; from < addresses.length; from += askedMax) {
      // One question after another: the store's readers are few.
      const some = addresses.slice(from, from + askedMax);
      const known = knownSandboxes(await sandboxesWith(asked, some));
      for (const one of known) for (const address of one.addresses) had.add(address);
    }
    return new Set(
      names.filter((name) => {
        const address = addressIn(name);
        return address === undefined || had.has(address);
      }),
    );
  },
  async look(asked, name) {
    const address = addressIn(name);
    if (address === undefined) return linksOfSandbox(asked, name);
    const sandboxes = knownSandboxes(await sandboxesWith(asked, [address]));
    const found: LinkFact[] = [];
    // One sandbox after another: an address has few.
    for (const sandbox of sandboxes) found.push(...(await linksOfSandbox(asked, sandbox.name)));
    return [...new Map(found.map((link) => [JSON.stringify(link.key), link])).values()];
  },
};

function addressIn(name: string): string | undefined {
  return name.startsWith(addressMark) ? name.slice(addressMark.length) : undefined;
}

async function linksOfSandbox(asked: Asked, name: string): Promise<readonly LinkFact[]> {
  const records = await sandboxRecords(asked, name);
  const known = await linksOf(
    asked,
    records.map(({ record, at }) => ({ id: record.id, at: earlier(record.ts, at) })),
  );
  return worthWriting(joinSandboxes({ records }), "session_sandbox", known);
}

function earlier(one: string, other: string): string {
  return [one, other].sort()[0] ?? one;
}
