import { isSpanCall } from "@custody/context";
import type { Body, RecordDraft } from "@custody/model";
import { createRecentNames } from "./recent-names.ts";

/** An action that a record names by its digest: a verdict of an authority on it, or its execution. */
export interface ActionDigest {
  readonly digest: string;
  readonly isVerdict: boolean;
  /** Its session or its call may still be given another name by a link. */
  readonly isMovable: boolean;
}

/** The actions that records name, of the few classes that do. */
export function actionDigests(records: readonly RecordDraft[]): readonly ActionDigest[] {
  return records.flatMap(({ class: name, body, src, call, attrs }) => {
    if (name !== "tool_call" && name !== "approval") return [];
    const { action_digest: digest } = body as Body<"tool_call"> | Body<"approval">;
    if (digest === undefined) return [];
    if (name === "approval" && src.auth.kind !== "authority") return [];
    const isMovable = isSpanCall(call) || attrs?.["session.source"] === "trace";
    return [{ digest, isVerdict: name === "approval", isMovable }];
  });
}

/** Digests of executions that a link may still move, and that a verdict names: so many are looked at again with every such link. */
const movableMax = 100;

/** The actions that authorities named, so that an execution costs a comparison here and nothing more. */
export interface NamedActions {
  /** True of a verdict, and of the execution of an action that one names. */
  concerns(tenant: string, one: ActionDigest): boolean;
  know(tenant: string, digests: readonly string[]): void;
  /** Of those, the executed ones whose call may still get another name. */
  movable(tenant: string): readonly string[];
}

export function createNamedActions(): NamedActions {
  const named = createRecentNames();
  const moving = createRecentNames(movableMax);
  return {
    concerns(tenant, { digest, isVerdict, isMovable }) {
      if (isVerdict) named.add(tenant, digest);
      if (isMovable && named.has(tenant, digest)) moving.add(tenant, digest);
      return isVerdict || named.has(tenant, digest);
    },
    know(tenant, digests) {
      for (const digest of digests) named.add(tenant, digest);
    },
    movable: (tenant) => moving.all(tenant),
  };
}
