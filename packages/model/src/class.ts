import type { ActionBodies } from "./body-action.ts";
import type { SessionBodies } from "./body-session.ts";
import type { TrustBodies } from "./body-trust.ts";
import type { WorldBodies } from "./body-world.ts";
import type { RecordClass } from "./record-class.ts";

export type Bodies = SessionBodies & ActionBodies & WorldBodies & TrustBodies;
export type Body<C extends RecordClass = RecordClass> = Bodies[C];
