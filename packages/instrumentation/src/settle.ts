/**
 * Runs `done` or `failed` when the work of an agent is over, now or later, and gives the agent what
 * its work gave. A promise of a subclass with methods of its own is handed on untouched.
 */
export function settle<T>(
  work: () => T,
  done: (value: Awaited<T>) => void,
  failed: (reason: unknown) => void,
): T {
  let value: T;
  try {
    value = work();
  } catch (reason) {
    failed(reason);
    throw reason;
  }
  if (!(value instanceof Promise)) {
    done(value as Awaited<T>);
    return value;
  }
  const watched = value.then(
    (result: Awaited<T>) => {
      done(result);
      return result;
    },
    (reason: unknown) => {
      failed(reason);
      throw reason;
    },
  );
  if (value.constructor === Promise) return watched as T;
  // Its own promise reports its rejection; ours must not report it a second time.
  watched.catch(() => undefined);
  return value;
}
