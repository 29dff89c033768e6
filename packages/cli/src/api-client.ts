import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "./data-folder.ts";
import { Stop } from "./exit-code.ts";

export interface ApiFlags {
  readonly api?: string;
  readonly key?: string;
  readonly data?: string;
}

/** A small client of the query API: one key, one base, errors as sentences. */
export interface ApiClient {
  readonly base: string;
  get(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  put(path: string, body: unknown): Promise<unknown>;
  bytes(path: string): Promise<Buffer>;
}

const defaultApi = "http://127.0.0.1:4319";

/** `--api` and `--key`, else CUSTODY_API and CUSTODY_KEY, else the local API and `<data>/admin.key`. */
export function createApiClient(
  flags: ApiFlags,
  env: NodeJS.ProcessEnv,
  /** Which flag names the base, for whoever finds nothing there. */
  flag = "--api",
): ApiClient {
  const base = (flags.api ?? env["CUSTODY_API"] ?? defaultApi).replace(/\/$/, "");
  const key = flags.key ?? env["CUSTODY_KEY"] ?? adminKey(flags.data, env);
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await reach(base, path, flag, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  return {
    base,
    async get(path, query = {}) {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) search.set(name, value);
      }
      const text = search.size === 0 ? path : `${path}?${search}`;
      return (await call("GET", text)).json();
    },
    post: async (path, body) => (await call("POST", path, body)).json(),
    put: async (path, body) => (await call("PUT", path, body)).json(),
    bytes: async (path) => Buffer.from(await (await call("GET", path)).arrayBuffer()),
  };
}

function adminKey(data: string | undefined, env: NodeJS.ProcessEnv): string {
  const path = join(dataFolder(data, env), "admin.key");
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new Stop(
      "refused",
      `no key: pass --key, set CUSTODY_KEY, or start \`custody up\`, which writes ${path}`,
      { cause },
    );
  }
}

async function reach(
  base: string,
  path: string,
  flag: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(`${base}${path}`, init);
  } catch (cause) {
    throw new Stop(
      "unreachable",
      `nothing answers at ${base}; start it with \`custody up\`, or pass ${flag}`,
      { cause },
    );
  }
}

async function refusalOf(response: Response): Promise<Stop> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; code?: string };
  const said = problem.detail ?? response.statusText;
  const code =
    response.status === 401 || response.status === 403 || response.status === 429
      ? "refused"
      : response.status >= 500
        ? "unreachable"
        : "usage";
  return new Stop(code, `${problem.code ?? response.status}: ${said}`);
}
