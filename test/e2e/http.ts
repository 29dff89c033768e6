import { request } from "node:http";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

export interface Asking {
  readonly key?: string;
  /** Sent as JSON, or as it is where it is text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, with whatever headers: `fetch` would not let a test name a foreign Host. */
export async function ask(
  base: string,
  method: string,
  path: string,
  { key, body, headers = {} }: Asking = {},
): Promise<Answer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${base}${path}`,
      {
        method,
        headers: {
          ...(text === undefined ? {} : { "content-type": "application/json" }),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const said = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"] ?? "",
            headers: response.headers,
            text: said,
            json: parsed(said),
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(text);
  });
}

/** Status and stable code of a refusal. */
export function refusal({ status, json }: Answer): string {
  const { code } = (json ?? {}) as { readonly code?: unknown };
  return `${status} ${String(code)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
