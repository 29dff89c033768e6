import { Stop } from "../exit-code.ts";

/** One caller of the product with one key: every fact of the demo comes in as it would outside of it. */
interface Caller {
  put(path: string, body: unknown): Promise<Record<string, unknown>>;
  post(path: string, body: unknown): Promise<Record<string, unknown>>;
  get(path: string): Promise<Record<string, unknown>>;
}

function callerOf(base: string, key: string): Caller {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(typeof body === "string" ? { "content-type": "application/x-ndjson" } : {}),
        ...(typeof body === "object" ? { "content-type": "application/json" } : {}),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Stop("refused", `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    put: (path, body) => call("PUT", path, body),
    post: (path, body) => call("POST", path, body),
    get: (path) => call("GET", path),
  };
}

/** The demo's cast, each with a key of their own. */
export interface People {
  readonly admin: Caller;
  /** Proposes policies. */
  readonly alice: Caller;
  /** Approves what Alice proposed. */
  readonly bob: Caller;
  /** Sits at the approval console. */
  readonly carol: Caller;
  /** The launcher that made the sandbox. */
  readonly launcher: Caller;
  /** The egress proxy. */
  readonly proxy: Caller;
  readonly agentKey: string;
}

export async function makePeople(otlp: string, api: string, adminKey: string): Promise<People> {
  const admin = callerOf(api, adminKey);
  const key = async (kind: string, subject: string, observes?: string): Promise<string> => {
    const made = await admin.post("/v1/keys", {
      kind,
      subject,
      ...(observes === undefined ? {} : { observes }),
    });
    return String(made["key"]);
  };
  const at = async (kind: string, subject: string, observes?: string): Promise<Caller> =>
    callerOf(otlp, await key(kind, subject, observes));
  return {
    admin,
    alice: await at("authority", "alice"),
    bob: await at("authority", "bob"),
    carol: await at("authority", "carol"),
    launcher: await at("observer", "demo-launcher", "sandbox"),
    proxy: await at("observer", "demo-proxy", "proxy"),
    agentKey: await key("agent", "demo-laptop"),
  };
}
