import type { PlacedRecord } from "@custody/model";
import { type Asked, contentOfRecords, type FoundRecord } from "@custody/storage/queries";

/** A record as the API answers it. */
export interface RecordAnswer {
  readonly id: string;
  readonly class: string;
  readonly ledger: string;
  readonly leaf: number;
  readonly sha256: string;
  readonly record: PlacedRecord["record"];
  readonly content?: Readonly<Record<string, string>>;
}

/** Records with their opened content where the caller may read it; without, the commitments in `record.sd` are all there is. */
export async function recordAnswers(
  asked: Asked,
  placed: readonly FoundRecord[],
  withContent: boolean,
): Promise<readonly RecordAnswer[]> {
  const opened = withContent ? await contentOfRecords(asked, placed) : [];
  const byLeaf = new Map<string, Record<string, string>>();
  for (const { ledger, leaf, path, text } of opened) {
    const key = `${ledger}/${leaf}`;
    byLeaf.set(key, { ...byLeaf.get(key), [path]: text });
  }
  return placed.map(({ ledger, leaf, sha, record }) => {
    const content = byLeaf.get(`${ledger}/${leaf}`);
    return {
      id: record.id,
      class: record.class,
      ledger,
      leaf,
      sha256: sha,
      record,
      ...(content === undefined ? {} : { content }),
    };
  });
}
