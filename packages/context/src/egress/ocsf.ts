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
  targetOf,
} from "./reading.ts";

const endpoint = z.looseObject({
  hostname: optionalText,
  domain: optionalText,
  ip: optionalText,
  port: optionalCount,
  uid: optionalText,
});

const processNamed = {
  uid: optionalText,
  pid: optionalText,
  created_time: z.number().optional(),
};
const processShape = z.looseObject({
  ...processNamed,
  parent_process: z.looseObject(processNamed).optional(),
});

/** OCSF 1.x events of category 4, as far as they say a flow: `schema.ocsf.io`, classes 4001, 4002 and 4003. */
const line = z.looseObject({
  class_uid: z.number(),
  time: z.number(),
  metadata: z.looseObject({ uid: optionalText }).optional(),
  action_id: z.number().optional(),
  disposition_id: z.number().optional(),
  status_detail: optionalText,
  src_endpoint: endpoint.optional(),
  dst_endpoint: endpoint.optional(),
  actor: z.looseObject({ process: processShape.optional() }).optional(),
  connection_info: z
    .looseObject({ protocol_name: optionalText, direction_id: z.number().optional() })
    .optional(),
  traffic: z.looseObject({ bytes_out: optionalCount, bytes_in: optionalCount }).optional(),
  http_request: z
    .looseObject({
      http_method: optionalText,
      url: z.looseObject({ url_string: optionalText, hostname: optionalText }).optional(),
    })
    .optional(),
  query: z.looseObject({ hostname: optionalText }).optional(),
  firewall_rule: z.looseObject({ name: optionalText, uid: optionalText }).optional(),
});

/** Network Activity, HTTP Activity, DNS Activity. */
const protocols: Readonly<Record<number, string>> = { 4001: "ip", 4002: "http", 4003: "dns" };
const inbound = 1;
const denied = 2;
/** `Blocked` and its kin among the dispositions: blocked, dropped, rejected, reset. */
const blocked: ReadonlySet<number> = new Set([2, 6, 9, 22]);

export const readOcsf: ReadEgress = jsonLine(line, (said): EgressReading => {
  const protocol = protocols[said.class_uid];
  if (protocol === undefined) return other(`class_uid ${said.class_uid}`);
  if (said.connection_info?.direction_id === inbound) return other("inbound");
  if (!Number.isSafeInteger(said.time) || said.time <= 0) {
    return invalid("time: not milliseconds since 1970");
  }
  const url = said.http_request?.url;
  const target = url?.url_string === undefined ? undefined : targetOf(url.url_string);
  const to = said.dst_endpoint;
  const host = url?.hostname ?? said.query?.hostname ?? to?.hostname ?? to?.domain ?? to?.ip;
  const place = target ?? (host && placeOf(host.includes(":") ? `[${host}]` : host, to?.port ?? 0));
  if (!place) return invalid("neither dst_endpoint, http_request nor query names a host");
  const isDenied = said.action_id === denied || blocked.has(said.disposition_id ?? 0);
  const from = said.src_endpoint;
  const uid = said.metadata?.uid;
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts: `${new Date(said.time).toISOString().slice(0, 23)}000000Z`,
      ...filledIn({
        key: uid === undefined ? undefined : ["ocsf", uid],
        content: target?.path === undefined ? undefined : { path: target.path },
      }),
      body: {
        host: place.host,
        port: place.port,
        protocol: target?.protocol ?? said.connection_info?.protocol_name ?? protocol,
        action: isDenied ? ("denied" as const) : ("allowed" as const),
        via: "proxy",
        ...filledIn({
          method: said.http_request?.http_method,
          rule: said.firewall_rule?.name ?? said.firewall_rule?.uid,
          reason: said.status_detail,
          bytes_out: said.traffic?.bytes_out,
          bytes_in: said.traffic?.bytes_in,
          client:
            from?.ip === undefined || from.port === undefined
              ? from?.ip
              : `${from.ip}:${from.port}`,
          sandbox: from?.uid,
          ...senderOf(said.actor?.process),
        }),
      },
    },
  };
});

type Process = z.infer<typeof processShape>;

function senderOf(process: Process | undefined): {
  readonly process?: string | undefined;
  readonly process_start?: string | undefined;
  readonly parent_process?: string | undefined;
} {
  if (process === undefined) return {};
  const { created_time: created, parent_process: parent } = process;
  return {
    process: processName(process),
    process_start: created === undefined ? undefined : timeOfMillis(created),
    parent_process: parent && processName(parent),
  };
}

/** A number of a process is used again and again: only with the time when that began does it name one. */
function processName({
  uid,
  pid,
  created_time,
}: Pick<Process, "uid" | "pid" | "created_time">): string | undefined {
  return (
    uid ?? (pid === undefined || created_time === undefined ? undefined : `${pid}@${created_time}`)
  );
}

function timeOfMillis(millis: number): string | undefined {
  if (!Number.isSafeInteger(millis) || millis <= 0 || millis > 253_402_300_799_999)
    return undefined;
  return `${new Date(millis).toISOString().slice(0, 23)}000000Z`;
}
