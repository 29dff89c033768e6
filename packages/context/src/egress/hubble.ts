import { z } from "zod";
import {
  type EgressReading,
  filledIn,
  invalid,
  jsonLine,
  optionalText,
  other,
  placeOf,
  type ReadEgress,
  targetOf,
  timeOf,
} from "./reading.ts";

const port = z.looseObject({
  source_port: z.number().optional(),
  destination_port: z.number().optional(),
});
const endpoint = z.looseObject({
  namespace: optionalText,
  pod_name: optionalText,
});
const policies = z.array(z.looseObject({ name: optionalText, namespace: optionalText })).optional();

/** Fields of cilium/hubble `api/v1/flow/flow.proto` as JSON; `hubble observe -o json` wraps a flow in `{"flow":…}`. */
const flow = z.looseObject({
  time: z.string(),
  uuid: optionalText,
  verdict: z.string(),
  drop_reason_desc: optionalText,
  traffic_direction: optionalText,
  is_reply: z.boolean().nullish(),
  IP: z.looseObject({ source: optionalText, destination: optionalText }).optional(),
  l4: z
    .looseObject({ TCP: port.optional(), UDP: port.optional(), SCTP: port.optional() })
    .optional(),
  source: endpoint.optional(),
  destination_names: z.array(z.string()).optional(),
  l7: z
    .looseObject({
      dns: z.looseObject({ query: optionalText }).optional(),
      http: z.looseObject({ method: optionalText, url: optionalText }).optional(),
    })
    .optional(),
  egress_allowed_by: policies,
  egress_denied_by: policies,
});
const line = z.union([z.looseObject({ flow }).transform((wrapped) => wrapped.flow), flow]);

/** What a verdict is to us; a verdict that is not here says nothing of its own about a flow. */
const actions: Readonly<Record<string, "allowed" | "denied">> = {
  FORWARDED: "allowed",
  REDIRECTED: "allowed",
  AUDIT: "allowed",
  DROPPED: "denied",
  ERROR: "denied",
};

export const readHubble: ReadEgress = jsonLine(line, flowOf);

function flowOf(said: z.infer<typeof flow>): EgressReading {
  const ts = timeOf(said.time);
  if (ts === undefined) return invalid("time: not an RFC 3339 time");
  const action = Object.hasOwn(actions, said.verdict) ? actions[said.verdict] : undefined;
  if (action === undefined) return other(`verdict ${said.verdict}`);
  if (said.traffic_direction === "INGRESS") return other("ingress");
  // Cilium reports packets of both directions of a connection; the answer to a request is no flow of its own.
  if (said.is_reply === true) return other("reply");
  const [transport, ports] = Object.entries(said.l4 ?? {})[0] ?? [];
  const number = (ports as z.infer<typeof port> | undefined)?.destination_port ?? 0;
  const url = said.l7?.http?.url === undefined ? undefined : targetOf(said.l7.http.url);
  const name = said.destination_names?.[0] ?? said.IP?.destination;
  const place = url ?? (name === undefined ? undefined : placeOf(bracketed(name), number));
  if (place === undefined) return invalid("neither destination_names, IP nor l7 names a host");
  const pod = said.source?.pod_name;
  const rules = action === "denied" ? said.egress_denied_by : said.egress_allowed_by;
  const source = said.IP?.source;
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts,
      ...filledIn({
        key: said.uuid === undefined ? undefined : ["hubble", said.uuid],
        content: url?.path === undefined ? undefined : { path: url.path },
      }),
      body: {
        host: place.host,
        port: place.port,
        protocol: url?.protocol ?? (transport ?? "ip").toLowerCase(),
        action,
        via: "sandbox_net",
        ...filledIn({
          method: said.l7?.http?.method,
          rule: rules?.[0]?.name,
          reason: said.drop_reason_desc,
          client: source === undefined ? undefined : sourceOf(source, ports),
          sandbox: pod === undefined ? undefined : `${said.source?.namespace ?? "default"}/${pod}`,
        }),
      },
    },
  };
}

const bracketed = (text: string): string => (text.includes(":") ? `[${text}]` : text);

function sourceOf(address: string, ports: unknown): string {
  const from = (ports as z.infer<typeof port> | undefined)?.source_port;
  return from === undefined ? address : `${bracketed(address)}:${from}`;
}
