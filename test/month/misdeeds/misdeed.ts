import type { Script } from "../world/script.ts";
import type { Seat } from "../world/world.ts";

/** One way in which something goes wrong, played in a session; it says by itself what went wrong. */
export interface Misdeed {
  readonly name: string;
  /** Seats it can happen at; absent: any that a person sits before. */
  readonly at?: (seat: Seat) => boolean;
  readonly play: (script: Script) => void;
}

/** Agents whose network is seen with the session known. */
export const watched = ({ watcher }: Seat): boolean => watcher !== "smokescreen";
/** Agents that tell their arguments. */
export const open = ({ withholds }: Seat): boolean => !withholds;
export const seen = (seat: Seat): boolean => watched(seat) && open(seat);
