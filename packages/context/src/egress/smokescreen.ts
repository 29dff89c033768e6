import { z } from "zod";
import {
  type EgressReading,
  filledIn,
  invalid,
  jsonLine,
  optionalCount,
  optionalText,
  other,
  placeOf,
  type ReadEgress,
  sessionHeader,
  timeOf,
} from "./reading.ts";

const decisionMessage = "CANONICAL-PROXY-DECISION";

/** Fields of stripe/smokescreen `pkg/smokescreen/smokescreen.go`. It logs more than decisions, all by the same logger. */
const line = z.looseObject({
  msg: z.string(),
  time: optionalText,
  start_time: optionalText,
  id: optionalText,
  allow: z.boolean().optional(),
  proxy_type: optionalText,
  requested_host: optionalText,
  decision_reason: optionalText,
  trace_id: optionalText,
  role: optionalText,
  project: optionalText,
  inbound_remote_addr: optionalText,
  content_length: optionalCount,
  mitm_req_method: optionalText,
  enforce_would_deny: z.boolean().optional(),
  error: optionalText,
});

/** `trace_id` is the value of the header `X-Smokescreen-Trace-ID`, which the launcher sets to the session. */
export const readSmokescreen: ReadEgress = jsonLine(line, flowOf);

function flowOf(said: z.infer<typeof line>): EgressReading {
  if (said.msg !== decisionMessage) return other(said.msg);
  const time = said.start_time ?? said.time;
  const ts = time === undefined ? undefined : timeOf(time);
  if (ts === undefined) return invalid("start_time: not an RFC 3339 time");
  if (said.allow === undefined) return invalid("allow: missing");
  const connect = said.proxy_type === "connect";
  const place = said.requested_host && placeOf(said.requested_host, connect ? 443 : 80);
  if (!place) return invalid("requested_host: no host");
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts,
      ...filledIn({
        key: said.id === undefined ? undefined : ["smokescreen", said.id],
        attrs: attrsOf(said),
      }),
      body: {
        ...place,
        protocol: connect ? "https_connect" : "http",
        action: said.allow ? ("allowed" as const) : ("denied" as const),
        via: "proxy",
        ...filledIn({
          rule: said.role,
          reason: said.decision_reason ?? said.error,
          method: said.mitm_req_method,
          client: said.inbound_remote_addr,
          bytes_in: said.content_length,
        }),
      },
    },
  };
}

function attrsOf(said: z.infer<typeof line>): Readonly<Record<string, string>> | undefined {
  const attrs = filledIn({
    [sessionHeader]: said.trace_id,
    "smokescreen.project": said.project,
    "smokescreen.would_deny": said.enforce_would_deny === true ? "true" : undefined,
  });
  return Object.keys(attrs).length === 0 ? undefined : (attrs as Record<string, string>);
}
