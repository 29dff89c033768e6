import { bearerKey, isServedHost, type KeyKind, type Principal } from "@custody/model";
import { Refusal } from "../errors.ts";
import type { CollectorOptions, CollectorPorts } from "../ports.ts";

/** What a door looks at, whatever the transport: over gRPC `host` is the `:authority`. */
interface Caller {
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly authorization?: string | undefined;
  };
}

export interface Doorkeeper {
  /** Refuses a foreign Host (DNS rebinding) and an Origin that is not listed (a web page). */
  checkOrigin(request: Caller): void;
  /** The caller, if its key is of one of `kinds`. OTLP and hooks also take nobody, on loopback, unless keys are required. */
  admit(request: Caller, kinds: readonly KeyKind[], anonymous: boolean): Principal;
}

/** Tenant, subject and kind come from the credential and from nowhere else (contract 3). */
export function createDoorkeeper(
  ports: Pick<CollectorPorts, "keys">,
  options: CollectorOptions,
): Doorkeeper {
  const nobody: Principal = {
    tenant: options.defaultTenant,
    auth: { method: "none", kind: "none", subject: "anonymous" },
  };
  return {
    checkOrigin(request) {
      if (!isServedHost(request.headers.host, options.hosts)) {
        throw new Refusal("forbidden", "this Host is not served here; list it under `hosts`");
      }
      const origin = request.headers.origin;
      if (origin !== undefined && !options.origins.includes(origin)) {
        throw new Refusal(
          "forbidden",
          "requests from web pages are refused; list the Origin to allow it",
        );
      }
    },
    admit(request, kinds, anonymous) {
      const header = request.headers.authorization;
      if (header === undefined) {
        if (anonymous && options.loopback && !options.requireKey) return nobody;
        throw new Refusal(
          "unauthenticated",
          "send `Authorization: Bearer <key>`; `custody keys create` makes one",
        );
      }
      const key = bearerKey(header);
      const principal = key === undefined ? undefined : ports.keys.find(key);
      if (principal === undefined) {
        throw new Refusal("unauthenticated", "this key is not known here, or was revoked");
      }
      const kind = principal.auth.kind;
      if (!kinds.some((allowed) => allowed === kind)) {
        throw new Refusal(
          "forbidden",
          `a key of kind ${kind} may not do this; it takes ${kinds.join(" or ")}`,
        );
      }
      return principal;
    },
  };
}
