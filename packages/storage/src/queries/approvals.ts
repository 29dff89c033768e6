import { limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found } from "./ask.ts";
import { linksOf } from "./placements.ts";
import { searchWords } from "./search-words.ts";

/** Yeses for more than once that the uses of some sessions may rest on. Without actors none from elsewhere is looked for, which would be in all that is stored. */
export async function standingYeses(
  asked: Asked,
  of: { readonly sessions: readonly string[]; readonly actors: readonly string[] | undefined },
): Promise<readonly FoundRecord[]> {
  const limit = limits.pageItemsMax * 10;
  const { sessions, actors } = of;
  const rows =
    actors === undefined
      ? await ask(asked, "session-yeses", { sessions, limit })
      : await ask(asked, "standing-yeses", { sessions, actors, limit });
  return rows.map(found);
}

/** Digests of actions that an authority named: a page of them in their order, after one. */
export async function namedDigests(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "named-digests", { ...page });
  return rows.map((row) => String(row["digest"]));
}

/** Verdicts on the action of a digest, its executions, and every link that was made of either. */
export async function digestRecords(asked: Asked, digest: string): Promise<readonly FoundRecord[]> {
  const limit = limits.pageItemsMax * 10;
  const words = searchWords(digest);
  const rows = await ask(asked, "digest-records", { digest, words, limit });
  const records = rows.map(found);
  const links = await linksOf(
    asked,
    records.map(({ record, at }) => {
      const [earliest = at] = [record.ts, at].sort();
      return { id: record.id, at: earliest };
    }),
  );
  return [...records, ...links];
}
