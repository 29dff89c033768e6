import type { Notices } from "./notice.ts";

/** Runs our own bookkeeping so that no fault of ours ever reaches the agent. */
export type Guard = <T>(work: () => T) => T | undefined;

export function createGuard(notices: Notices): Guard {
  return (work) => {
    try {
      return work();
    } catch (fault) {
      const reason = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
      notices.once(
        "fault",
        `an audit span could not be recorded; the agent is not affected. Set CUSTODY_DEBUG=1 for details and please report it.`,
      );
      notices.debug(`fault ${reason.slice(0, 200)}`, reason);
      return undefined;
    }
  };
}
