import { limits } from "@custody/model";
import { agentsSpan } from "./agents-span.ts";
import { placesOf } from "./json-place.ts";
import { JsonSpan } from "./json-span.ts";
import { parseJson } from "./json-text.ts";
import { type DecodeOutcome, OtlpError } from "./malformed.ts";
import type { PlainMessage } from "./plain.ts";

/** Who sent a trace export of the OpenAI Agents SDK, which says nothing of itself in the body. */
export interface AgentsSender {
  /** The `User-Agent` of the request: the SDK writes its language and release there. */
  readonly userAgent: string | undefined;
}

/** The scope of items that came this way, for the dialect that reads them. */
export const agentsScope = "openai-agents.traces";

/**
 * Reads one body of the trace export of the OpenAI Agents SDK, `{"data":[…]}` with objects of kind `trace` and `trace.span`: no OTLP, but
 * traces all the same. Each object becomes one span view, so that it is read, kept and refused like any other item.
 */
export function decodeAgentsTraces(bytes: Uint8Array, sender: AgentsSender): DecodeOutcome {
  if (bytes.length > limits.requestInflatedBytesMax) {
    const reason = `more than ${limits.requestInflatedBytesMax} bytes in one request`;
    return { outcome: "malformed", reason, position: `byte ${limits.requestInflatedBytesMax}` };
  }
  try {
    return decoded(bytes, sender);
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    return { outcome: "malformed", reason: error.message, position: error.position };
  }
}

function decoded(bytes: Uint8Array, sender: AgentsSender): DecodeOutcome {
  const { value, repaired } = parseJson(bytes);
  const data = isObject(value) && Object.hasOwn(value, "data") ? value["data"] : undefined;
  if (!Array.isArray(data)) throw new OtlpError("OTLP_JSON", "data is not an array", "data");
  if (data.length > limits.requestItemsMax) {
    const reason = `more than ${limits.requestItemsMax} items in one request`;
    throw new OtlpError("OTLP_LIMIT", reason, "data");
  }
  const place = placesOf("traces", { resource: resourceOf(sender) })({
    scope: { name: agentsScope },
  });
  // What is no object says nothing anybody could read, but it was sent: it is kept like an object of an unknown kind.
  const items = data.map(
    (item: unknown) => new JsonSpan(place, agentsSpan(isObject(item) ? item : { value: item })),
  );
  return { outcome: "ok", items, repaired };
}

const release = /^Agents\/(JavaScript|Python) ([\w.+-]{1,64})$/;

function resourceOf({ userAgent }: AgentsSender): PlainMessage {
  const [, language, version] = release.exec(userAgent ?? "") ?? [];
  const said = {
    "service.name": "openai-agents",
    "service.version": version,
    "telemetry.sdk.language": language,
  };
  return {
    attributes: Object.entries(said).flatMap(([key, stringValue]) =>
      stringValue === undefined ? [] : [{ key, value: { stringValue } }],
    ),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
