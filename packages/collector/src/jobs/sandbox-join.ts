import {
  addressOf,
  joinSandboxes,
  joinSandboxFlows,
  knownSandboxes,
  type LinkFact,
} from "@custody/context";
import {
  type Asked,
  type FoundRecord,
  linksOf,
  looseFlows,
  sandboxesSince,
  sandboxesWith,
  sandboxRecords,
} from "@custody/storage/queries";
import { type Join, ofClasses, worthWriting } from "./join-kind.ts";

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

/** Pages of flows without a session that are read of one sandbox at a time. */
const flowPagesMax = 20;

/** First the sessions that had the sandbox, then, by these, the sessions of what came out of it. */
async function linksOfSandbox(asked: Asked, name: string): Promise<readonly LinkFact[]> {
  const records = await sandboxRecords(asked, name);
  const owners = joinSandboxes({ records });
  const found = worthWriting(owners, "session_sandbox", await linksTo(asked, records));
  if (records.length === 0) return found;
  // Whose the sandbox was is as it was: then only what no link was made of yet can be new.
  const paging = { all: found.length > 0, pagesMax: flowPagesMax };
  const flows = await looseFlows(asked, name, records, paging);
  const sandboxes = ofClasses(records, "sandbox");
  const links = joinSandboxFlows({ sandboxes, flows, owners });
  return [...found, ...worthWriting(links, "sandbox_session", await linksTo(asked, flows))];
}

function linksTo(asked: Asked, records: readonly FoundRecord[]): Promise<readonly FoundRecord[]> {
  return linksOf(
    asked,
    records.map(({ record, at }) => {
      const [earliest = at] = [record.ts, at].sort();
      return { id: record.id, at: earliest };
    }),
  );
}
