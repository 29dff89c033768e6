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

/** The sessions that wait to be looked at, in memory alone, and how far each tenant was swept for those that it never held. */
export interface JoinLine {
  hold(waiting: WaitingSession): void;
  /** Takes a session out, unless it got another record since. */
  done(waiting: WaitingSession): void;
  entries(): readonly WaitingSession[];
  size(): number;
  /** The name after which the tenant's sweep goes on; undefined where it is through, or there is no room for a page. */
  sweepFrom(tenant: string): string | undefined;
  /** Takes a page of a sweep; a short one is the last. */
  swept(tenant: string, sessions: readonly string[], committed: number): void;
}

export function createJoinLine(): JoinLine {
  const waiting = new Map<string, WaitingSession>();
  /** Undefined: through. A tenant that is not here was not begun. */
  const sweeps = new Map<string, string | undefined>();
  const keyOf = ({ tenant, session }: WaitingSession): string => JSON.stringify([tenant, session]);
  const hold = (entry: WaitingSession): void => {
    const key = keyOf(entry);
    if (waiting.size < joinLineMax || waiting.has(key)) waiting.set(key, entry);
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
    sweepFrom(tenant) {
      if (waiting.size + sweepPageMax > joinLineMax) return undefined;
      return sweeps.has(tenant) ? sweeps.get(tenant) : "";
    },
    swept(tenant, sessions, committed) {
      sweeps.set(tenant, sessions.length < sweepPageMax ? undefined : sessions.at(-1));
      for (const session of sessions) hold({ tenant, session, committed });
    },
  };
}
