import type { ActionView } from "@custody/model";

/** Where one attempt plays: ids of its own, so that what came of it can be told from everything else. */
export interface Scene {
  /** `doctor-attack-<random>`: one for a whole run. */
  readonly session: string;
  readonly call: string;
  readonly trace: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface AttackRequest {
  readonly to: "collector" | "api";
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
}

/** One request with telemetry. `victim`: said by another credential that may speak, where this account has one. */
export interface Saying extends AttackRequest {
  readonly as: "attacker" | "victim";
}

/** A record as the query API answers it, as far as an attempt is judged by it. */
export interface ReadRecord {
  readonly id: string;
  readonly class: string;
  readonly record: {
    readonly grade: string;
    readonly tenant: string;
    readonly ts: string;
    readonly rx: string;
    readonly call?: string;
    readonly trace?: string;
    readonly actor?: { readonly id: string; readonly type: string };
    readonly attrs?: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, unknown>>;
    readonly src: {
      readonly seq?: number;
      readonly auth: { readonly kind: string; readonly subject: string };
    };
  };
}

/** What the server tells of one attempt to somebody who may read. */
export interface Evidence {
  readonly scene: Scene;
  /** Those that came in over a credential of ours. */
  readonly records: readonly ReadRecord[];
  readonly action: ActionView | undefined;
}

/** How to tell that a forgery did not get through: each must hold, and says what shows it. */
export interface Sign {
  readonly shows: string;
  readonly holds: (evidence: Evidence) => boolean;
}

interface Attempt {
  readonly name: string;
  readonly tries: string;
  /** What must come of it. */
  readonly comes: string;
}

/** One that has to be turned away before anything is written. */
export interface DoorAttempt extends Attempt {
  /** True of a path of the contract that no release had so far: that nothing is there turns it away too. */
  readonly unbuilt?: boolean;
  readonly request: (scene: Scene) => AttackRequest;
}

/** One that an agent may say, and that stays an agent's word. */
export interface ClaimAttempt extends Attempt {
  readonly says: (scene: Scene) => readonly Saying[];
  readonly signs: readonly Sign[];
}
