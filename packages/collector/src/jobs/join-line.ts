/** Sessions held at once. One more is not held: its tenant is swept again once there is room. */
export const joinLineMax = 10_000;
/** Sessions of one page of a sweep. */
export const sweepPageMax = 1_000;

export interface WaitingSession {
  readonly tenant: string;
  readonly session: string;
  /** Its records can be read once so many leaves of the tenant are stored. */
  readonly committed: number;
}

/** Leaves journalled, and leaves that can be read. */
interface Progress {
  readonly committed: number;
  readonly stored: number;
}

/** The sessions that wait to be looked at, in memory alone, and how far each tenant was swept for those that it never held. */
export interface JoinLine {
  hold(waiting: WaitingSession): void;
  /** Takes a session out, unless it got another record since. */
  done(waiting: WaitingSession): void;
  entries(): readonly WaitingSession[];
  size(): number;
  /** The name after which the tenant's sweep goes on; undefined where it is through, has to wait for the store, or there is no room for a page. */
  sweepFrom(tenant: string, progress: Progress): string | undefined;
  /** Takes a page of a sweep, whose records can be read; a short one is the last. */
  swept(tenant: string, sessions: readonly string[], stored: number): void;
  /** Whether the tenant's sweep is through: everything else was held when it came. */
  isSwept(tenant: string): boolean;
}

interface Sweep {
  /** Where it goes on; undefined: it is through. */
  readonly after: string | undefined;
  /** It begins once so many leaves are stored: those that were journalled when it was first asked for. Of what came later the line was told. */
  readonly committed: number;
}

export function createJoinLine(): JoinLine {
  const waiting = new Map<string, WaitingSession>();
  const sweeps = new Map<string, Sweep>();
  const keyOf = ({ tenant, session }: WaitingSession): string => JSON.stringify([tenant, session]);
  const hold = (entry: WaitingSession): void => {
    const key = keyOf(entry);
    const known = waiting.get(key);
    // What a sweep finds can be read already; what the line was told of may be later.
    const committed = Math.max(entry.committed, known?.committed ?? 0);
    const later = committed === entry.committed ? entry : { ...entry, committed };
    if (waiting.size < joinLineMax || known) waiting.set(key, later);
    else sweeps.delete(entry.tenant);
  };
  return {
    hold,
    done(entry) {
      const key = keyOf(entry);
      if (waiting.get(key) === entry) waiting.delete(key);
    },
    entries: () => [...waiting.values()],
    size: () => waiting.size,
    sweepFrom(tenant, { committed, stored }) {
      const sweep = sweeps.get(tenant) ?? { after: "", committed };
      sweeps.set(tenant, sweep);
      if (stored < sweep.committed || waiting.size + sweepPageMax > joinLineMax) return undefined;
      return sweep.after;
    },
    swept(tenant, sessions, stored) {
      const sweep = sweeps.get(tenant);
      const after = sessions.length < sweepPageMax ? undefined : sessions.at(-1);
      // None: a session found no room since the page was asked for, and the sweep begins anew.
      if (sweep !== undefined) sweeps.set(tenant, { ...sweep, after });
      for (const session of sessions) hold({ tenant, session, committed: stored });
    },
    isSwept(tenant) {
      const sweep = sweeps.get(tenant);
      return sweep !== undefined && sweep.after === undefined;
    },
  };
}
