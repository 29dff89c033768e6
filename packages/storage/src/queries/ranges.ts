import type { RecordClass } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found } from "./ask.ts";

/** Records of one class of a ledger by leaf, `[from, to)`, in order: the population an accumulator folds. */
export async function* classRange(
  asked: Asked,
  recordClass: RecordClass,
  ledger: string,
  from: number,
  to: number,
): AsyncGenerator<FoundRecord, void, undefined> {
  let next = from;
  for (;;) {
    const limit = storageLimits.leafPageRows;
    const rows = await ask(asked, "class-range", {
      ledger,
      class: recordClass,
      from: next,
      to,
      limit,
    });
    const page = rows.map(found);
    yield* page;
    const last = page.at(-1);
    if (page.length < limit || !last) {
      return;
    }
    next = last.leaf + 1;
  }
}
