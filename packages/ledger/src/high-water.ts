/** How far one source has counted. */
export interface Mark {
  readonly id: string;
  readonly epoch: string;
  readonly seq: number;
}

/** The highest sequence of every source heard since the last seal: what makes a later gap provable (compliance 7, C1). */
export interface HighWater {
  /** Raises the marks; beyond the limit new sources are counted, not kept. */
  raise(marks: Iterable<Mark>): void;
  /** Marks as they would be with `more`, sorted by source: ids and epochs are compared as strings. */
  with(more: readonly Mark[]): { readonly marks: readonly Mark[]; readonly overflow: number };
  /** A seal took them. */
  clear(): void;
}

export function createHighWater(sourcesMax: number): HighWater {
  const highest = new Map<string, Mark>();
  const overflowed = new Set<string>();

  const raise = (into: Map<string, Mark>, mark: Mark, over: Set<string>): void => {
    const key = JSON.stringify([mark.id, mark.epoch]);
    const known = into.get(key);
    if (known === undefined && into.size >= sourcesMax) {
      // Bounded as well: past twice the limit the count is a lower bound.
      if (over.size < sourcesMax) over.add(key);
      return;
    }
    if (known === undefined || known.seq < mark.seq) into.set(key, mark);
  };

  return {
    raise(marks) {
      for (const mark of marks) raise(highest, mark, overflowed);
    },
    with(more) {
      const all = new Map(highest);
      const over = new Set(overflowed);
      for (const mark of more) raise(all, mark, over);
      return { marks: [...all.values()].sort(bySource), overflow: over.size };
    },
    clear() {
      highest.clear();
      overflowed.clear();
    },
  };
}

function bySource(a: Mark, b: Mark): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1;
  return 0;
}

/** Cuts marks into lists that fit one record each. */
export function sliceMarks(
  marks: readonly Mark[],
  limits: { readonly hwSourcesPerRecordMax: number; readonly hwBytesPerRecordMax: number },
): Mark[][] {
  const slices: Mark[][] = [];
  let slice: Mark[] = [];
  let bytes = 0;
  for (const mark of marks) {
    const size = Buffer.byteLength(JSON.stringify([mark.id, mark.epoch, mark.seq])) + 1;
    const full =
      slice.length >= limits.hwSourcesPerRecordMax || bytes + size > limits.hwBytesPerRecordMax;
    if (full && slice.length > 0) {
      slices.push(slice);
      slice = [];
      bytes = 0;
    }
    slice.push(mark);
    bytes += size;
  }
  if (slice.length > 0) slices.push(slice);
  return slices;
}
