import { z } from "zod";
import {
  type EgressReading,
  filledIn,
  invalid,
  optionalText,
  sessionHeader,
  targetOf,
  timeOf,
} from "./reading.ts";

const entry = z.looseObject({
  startedDateTime: z.string(),
  time: z.number().optional(),
  request: z.looseObject({
    method: optionalText,
    url: z.string(),
    headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
    bodySize: z.number().optional(),
  }),
  response: z
    .looseObject({ status: z.number().optional(), bodySize: z.number().optional() })
    .optional(),
  connection: optionalText,
});

const archive = z.looseObject({ log: z.looseObject({ entries: z.array(z.unknown()) }) });

/** The header a launcher sets to the session, where a proxy that reads the whole request is in its way. */
const headerName = "x-custody-session";

/** HAR 1.2, as mitmproxy's `savehar` writes it. One document, an entry a request; a HAR has no verdicts, so what is in it was let through. */
export function readHar(text: string): readonly EgressReading[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [invalid("not JSON")];
  }
  const parsed = archive.safeParse(json);
  if (!parsed.success) return [invalid("not a HAR: log.entries is no list")];
  return parsed.data.log.entries.map(readEntry);
}

function readEntry(json: unknown): EgressReading {
  const parsed = entry.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return invalid(`${issue?.path.map(String).join(".")}: ${issue?.message}`);
  }
  const { startedDateTime, request, response, connection } = parsed.data;
  const ts = timeOf(startedDateTime);
  if (ts === undefined) return invalid("startedDateTime: not an RFC 3339 time");
  const target = targetOf(request.url);
  if (target === undefined) return invalid("request.url: no host");
  const { path, ...place } = target;
  const session = request.headers?.find(({ name }) => name.toLowerCase() === headerName)?.value;
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts,
      ...filledIn({
        attrs: session === undefined ? undefined : { [sessionHeader]: session },
        content: path === undefined ? undefined : { path },
      }),
      body: {
        ...place,
        action: "allowed",
        via: "proxy",
        ...filledIn({
          method: request.method,
          reason: response?.status === undefined ? undefined : `status ${response.status}`,
          bytes_out: sizeOf(request.bodySize),
          bytes_in: sizeOf(response?.bodySize),
          client: connection,
        }),
      },
    },
  };
}

/** -1 stands for a size that nobody knows. */
function sizeOf(bytes: number | undefined): number | undefined {
  return bytes !== undefined && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
