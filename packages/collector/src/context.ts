import type { River } from "./pipeline/river.ts";
import type { Doorkeeper } from "./plugins/authenticate.ts";
import type { Meters } from "./plugins/meters.ts";
import type { PolicyRegister } from "./policy-register.ts";
import type { CollectorPorts } from "./ports.ts";

/** What every route is given: made once in `app.ts`. */
export interface CollectorContext {
  readonly ports: CollectorPorts;
  readonly doors: Doorkeeper;
  readonly river: River;
  readonly meters: Meters;
  readonly policies: PolicyRegister;
}
