import { Stop } from "../../exit-code.ts";
import type { AttackRequest } from "./attempt.ts";
import type { Credential } from "./outcome.ts";

export interface AttackAnswer {
  readonly status: number;
  /** Status and stable code, as `403 forbidden`. */
  readonly said: string;
}

export interface Attacker {
  readonly as: Credential;
  send(request: AttackRequest): Promise<AttackAnswer>;
}

const answerMsMax = 30_000;

/** Sends as whoever holds `key`, or as nobody. What it sends is what any process of this account could. */
export function createAttacker(
  bases: Readonly<Record<AttackRequest["to"], string>>,
  key: string | undefined,
): Attacker {
  return {
    as: key === undefined ? "no key" : "agent key",
    async send({ to, method, path, body }) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const response = await fetch(`${bases[to]}${path}`, {
        method,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined
            ? {}
            : { "content-type": typeof body === "string" ? "text/plain" : "application/json" }),
        },
        ...(body === undefined ? {} : { body: text }),
        signal: AbortSignal.timeout(answerMsMax),
      }).catch((cause: unknown) => {
        throw new Stop(
          "unreachable",
          `nothing answers at ${bases[to]}; start it with \`custody up\`, or pass --otlp and --api`,
          { cause },
        );
      });
      return { status: response.status, said: saidOf(response.status, await response.text()) };
    },
  };
}

function saidOf(status: number, text: string): string {
  try {
    const { code } = JSON.parse(text) as { readonly code?: unknown };
    return typeof code === "string" || typeof code === "number" ? `${status} ${code}` : `${status}`;
  } catch {
    return String(status);
  }
}
