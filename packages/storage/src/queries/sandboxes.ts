import { addressOf, knownSandboxes, sandboxName } from "@custody/context";
import { limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found, windowOf } from "./ask.ts";

/** Addresses of one question: a sandbox has a few. */
const addressesMax = 64;
/** How much earlier than its first record a sandbox may have sent. */
const skew = 600_000;

/** Everything that observers told of a sandbox, of those that share an address with it, and the flows that came out of them, the first heard first. */
export async function sandboxRecords(
  asked: Asked,
  sandbox: string,
): Promise<readonly FoundRecord[]> {
  const own = await sandboxesNamed(asked, sandbox);
  const known = knownSandboxes(own);
  const addresses = [...new Set(known.flatMap((one) => [...one.addresses]))].slice(0, addressesMax);
  const rivals = await sandboxesWith(asked, addresses);
  const [from] = knownSandboxes([...own, ...rivals])
    .map((one) => one.from)
    .sort();
  const flows =
    from === undefined
      ? []
      : await ask(asked, "flows-of-sandbox", {
          ...named(sandbox),
          clients: clientTexts(addresses),
          from,
          skew_ms: skew,
          limit: limits.pageItemsMax,
        });
  const all = [...own, ...rivals, ...flows.map(found)];
  return [...new Map(all.map((one) => [`${one.ledger}/${one.leaf}`, one])).values()];
}

/** Flows without a session that came out of a sandbox, or of one that had one of its addresses: those that no link gave one yet, or `all`. */
export async function looseFlows(
  asked: Asked,
  sandbox: string,
  told: readonly FoundRecord[],
  { all, pagesMax }: { readonly all: boolean; readonly pagesMax: number },
): Promise<readonly FoundRecord[]> {
  const own = knownSandboxes(told).filter(({ name }) => name === sandboxName(sandbox));
  const [from] = own.map((one) => one.from).sort();
  if (from === undefined) return [];
  const addresses = own.flatMap((one) => [...one.addresses]).slice(0, addressesMax);
  const flows: FoundRecord[] = [];
  const limit = limits.pageItemsMax;
  for (let page = 0; page < pagesMax; page++) {
    const last = flows.at(-1);
    // Each page begins behind the one before.
    const rows = await ask(asked, "loose-flows-of-sandbox", {
      ...named(sandbox),
      clients: clientTexts(addresses),
      from,
      skew_ms: skew,
      all,
      after_at: last?.at ?? windowOf({}).from,
      after_leaf: last?.leaf ?? -1,
      after_ledger: last?.ledger ?? "",
      limit,
    });
    flows.push(...rows.map(found));
    if (rows.length < limit) break;
  }
  return flows;
}

/** How a canonical record says a client of one of the addresses. */
function clientTexts(addresses: readonly string[]): readonly string[] {
  return addresses.flatMap((address) => [
    `"client":"${address}"`,
    `"client":"${address}:`,
    `"client":"[${address}]`,
  ]);
}

/** What observers told of the sandboxes that have one of the addresses. */
export async function sandboxesWith(
  asked: Asked,
  addresses: readonly string[],
): Promise<readonly FoundRecord[]> {
  if (addresses.length === 0) return [];
  const quoted = addresses.slice(0, addressesMax).map((address) => JSON.stringify(address));
  const rows = await ask(asked, "sandboxes-with-address", {
    addresses: quoted,
    limit: limits.pageItemsMax,
  });
  const wanted = new Set(addresses.map(addressOf));
  const records = rows.map(found);
  const names = new Set(
    knownSandboxes(records)
      .filter((one) => [...one.addresses].some((address) => wanted.has(address)))
      .map(({ name }) => name),
  );
  return records.filter(({ record }) => {
    const { sandbox } = record.body as { readonly sandbox?: string };
    return sandbox !== undefined && names.has(sandboxName(sandbox));
  });
}

/** Ids of sandboxes that something was heard of since a moment: a page of them in the order of their names, after one. */
export async function sandboxesSince(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "sandboxes-since", { ...page });
  return rows.map((row) => String(row["sandbox"]));
}

/** Those of the sessions in whose sandbox something happened, or that had one where something may have. */
export async function sessionsWithViolations(
  asked: Asked,
  sessions: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sessions.length === 0) return new Set();
  const rows = await ask(asked, "sessions-with-violations", { sessions });
  return new Set(rows.map((row) => String(row["session"])));
}

/** Sessions that such a thing was received of since a moment: a page of them in the order of their names, after one. */
export async function sessionsWithLateViolations(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "sessions-with-late-violations", { ...page });
  return rows.map((row) => String(row["session"]));
}

async function sandboxesNamed(asked: Asked, sandbox: string): Promise<readonly FoundRecord[]> {
  const rows = await ask(asked, "sandboxes-named", {
    ...named(sandbox),
    limit: limits.pageItemsMax,
  });
  return rows.map(found);
}

/** A container's id is told whole or by its first digits. */
function named(sandbox: string): { readonly sandbox: string; readonly is_short: boolean } {
  const name = sandboxName(sandbox);
  return { sandbox: name, is_short: /^[0-9a-f]{12}$/.test(name) };
}
