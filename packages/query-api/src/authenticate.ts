import {
  bearerKey,
  type Clock,
  isServedHost,
  type KeyKind,
  type KeyRing,
  type Principal,
} from "@custody/model";
import type { FastifyRequest } from "fastify";
import { Refusal } from "./errors.ts";

/** Refuses a foreign Host, which is how a rebinding web page would come in. */
export function checkHost(request: FastifyRequest, hosts: readonly string[]): void {
  if (!isServedHost(request.headers.host, hosts)) {
    throw new Refusal("forbidden", "this Host is not served here; list it under `hosts`");
  }
}

/** Everything that reads needs a key of a kind that may read it (contract 3). */
export function authenticate(
  request: FastifyRequest,
  keys: KeyRing,
  kinds: readonly KeyKind[],
): Principal {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new Refusal(
      "unauthenticated",
      "send `Authorization: Bearer <key>`; the first start wrote one to admin.key in the data folder",
    );
  }
  const key = bearerKey(header);
  const principal = key === undefined ? undefined : keys.find(key);
  if (principal === undefined) {
    throw new Refusal("unauthenticated", "this key is not known here, or was revoked");
  }
  const kind = principal.auth.kind;
  if (!kinds.some((allowed) => allowed === kind)) {
    throw new Refusal(
      "forbidden",
      `a key of kind ${kind} may not read this; it takes ${kinds.join(" or ")}`,
    );
  }
  return principal;
}

/** Content is for investigators and auditors; an administrator needs a recorded grant that has not run out. */
export function mayReadContent(principal: Principal, clock: Clock): boolean {
  const { kind } = principal.auth;
  if (kind === "investigator" || kind === "auditor") return true;
  return (
    kind === "admin" &&
    principal.breakGlassUntil !== undefined &&
    clock.now() < principal.breakGlassUntil
  );
}
