import type { Fact } from "@custody/model";
import { z } from "zod";
import { type DoorVerdict, idText, present, readDoor, timeText, wordText } from "./door.ts";
import { hostName } from "./host-name.ts";
import { contextLimits } from "./limits.ts";

const host = z
  .string()
  .transform((text) => text.toLowerCase().replace(/\.$/, ""))
  .refine(
    (text) =>
      hostName(text.includes(":") && !text.startsWith("[") ? `[${text}]` : text, true) !==
      undefined,
    "not a host name or address",
  );
const bytes = z.int().min(0);

/**
 * One flow as a proxy or a sandbox's network part saw it: our own form, one JSON object a line. Unknown members are refused, so that a
 * misspelt one is noticed. `session` is what the observer knows from its own credentials for the flow, never what the agent states.
 */
const egressLine = z.strictObject({
  ts: timeText,
  host,
  port: z.int().min(0).max(65_535),
  protocol: wordText,
  action: z.enum(["allowed", "denied", "asked"]),
  id: idText.nullish(),
  session: idText.nullish(),
  call: idText.nullish(),
  method: wordText.nullish(),
  rule: wordText.nullish(),
  reason: z.string().max(1_000).nullish(),
  policy_digest: z.string().min(1).max(128).nullish(),
  bytes_out: bytes.nullish(),
  bytes_in: bytes.nullish(),
  client: wordText.nullish(),
  execution: idText.nullish(),
  process: idText.nullish(),
  parent_process: idText.nullish(),
  process_start: timeText.nullish(),
  sandbox: idText.nullish(),
  override: z.boolean().nullish(),
  /** Content: kept as a commitment only. */
  path: z.string().max(8_192).nullish(),
});

/**
 * One line into a fact. Without an `id` of the line, the fact has no key, and its content with its occurrence in the delivery stands in:
 * two equal requests are two facts. `via` is what the credential says; the value here is replaced when the fact is stamped.
 */
export function parseEgressLine(text: string): DoorVerdict<Fact<"egress">> {
  if (text.length > contextLimits.egressLineUnitsMax) {
    const reason = `longer than ${contextLimits.egressLineUnitsMax} characters`;
    return { outcome: "invalid", reason };
  }
  const json = parseJson(text);
  if (json === undefined) return { outcome: "invalid", reason: "not a JSON object" };
  return readDoor(egressLine, json, egressFact);
}

function egressFact(line: z.infer<typeof egressLine>): Fact<"egress"> {
  const { ts, id, session, call, path, host: name, port, protocol, action, ...rest } = line;
  return {
    class: "egress",
    ...(id ? { key: ["line", id] } : {}),
    ts,
    ...present({ session, call }),
    body: { host: name, port, protocol, action, via: "proxy", ...present(rest) },
    ...(path ? { content: { path } } : {}),
  };
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
