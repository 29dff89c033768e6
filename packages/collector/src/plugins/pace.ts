/** Resolves when it is a request's turn: at most so many bytes are worked on between two looks at the sockets. */
export type Pace = (bytes: number) => Promise<void>;

/**
 * Reading a body is work without a pause. Many large ones that arrive together would hold up everything else for seconds, health included,
 * so they go on one after another, and every socket is looked at in between.
 */
export function createPace(bytesPerTurnMax: number): Pace {
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  let used = 0;
  let scheduled = false;

  const fits = (bytes: number): boolean => used === 0 || used + bytes <= bytesPerTurnMax;
  const take = (bytes: number): void => {
    used += bytes;
    if (scheduled) return;
    scheduled = true;
    setImmediate(nextTurn);
  };
  const nextTurn = (): void => {
    scheduled = false;
    used = 0;
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      take(next.bytes);
      next.go();
    }
  };

  return async (bytes) => {
    if (waiting.length === 0 && fits(bytes)) {
      take(bytes);
      return;
    }
    await new Promise<void>((go) => waiting.push({ bytes, go }));
  };
}
