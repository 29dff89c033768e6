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
  timeOf,
} from "./reading.ts";

const socket = z.looseObject({
  protocol: optionalText,
  saddr: optionalText,
  daddr: optionalText,
  sport: z.number().optional(),
  dport: z.number().optional(),
  cookie: optionalText,
});
const actor = z.looseObject({
  exec_id: optionalText,
  parent_exec_id: optionalText,
  start_time: optionalText,
  docker: optionalText,
  pod: z
    .looseObject({
      namespace: optionalText,
      name: optionalText,
      container: z.looseObject({ id: optionalText }).optional(),
    })
    .optional(),
});
const probe = z.looseObject({
  process: actor.optional(),
  function_name: optionalText,
  policy_name: optionalText,
  action: optionalText,
  args: z.array(z.looseObject({ sock_arg: socket.optional() })).optional(),
});

/** Fields of cilium/tetragon `api/v1/tetragon/tetragon.proto` as JSON: one event a line, told apart by the member it has. */
const line = z.looseObject({
  time: optionalText,
  process_kprobe: probe.optional(),
});

/** Probes of a flow's beginning. Those of its middle and end (`tcp_sendmsg`, `tcp_close`) tell of the same one again. */
const beginnings: ReadonlySet<string> = new Set([
  "tcp_connect",
  "udp_sendmsg",
  "udpv6_sendmsg",
  "security_socket_connect",
  "security_socket_sendmsg",
]);

/** Actions of a policy that stop what the process tried. */
const stopped = /^KPROBE_ACTION_(SIGKILL|OVERRIDE|NOTIFYENFORCER|NOTIFYKILLER)$/;

export const readTetragon: ReadEgress = jsonLine(line, (said) => {
  const event = said.process_kprobe;
  if (event === undefined) {
    const [name = "no event"] = Object.keys(said).filter((member) => member.startsWith("process_"));
    return other(name);
  }
  const target = event.args?.find((each) => each.sock_arg !== undefined)?.sock_arg;
  const probed = event.function_name ?? "";
  if (target === undefined || !beginnings.has(probed)) return other(`process_kprobe ${probed}`);
  return flowOf(said.time, event, target);
});

function flowOf(
  time: string | undefined,
  { process: from, action = "", function_name: probed, policy_name: rule }: z.infer<typeof probe>,
  target: z.infer<typeof socket>,
): EgressReading {
  const ts = time === undefined ? undefined : timeOf(time);
  if (ts === undefined) return invalid("time: not an RFC 3339 time");
  const to = target.daddr;
  const place = to && placeOf(to.includes(":") ? `[${to}]` : to, target.dport ?? 0);
  if (!place) return invalid("sock_arg.daddr: no address");
  const process = from?.exec_id;
  const pod = from?.pod;
  const isStopped = stopped.test(action);
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts,
      ...filledIn({
        key:
          process === undefined
            ? undefined
            : ["tetragon", process, ts, target.cookie ?? "", probed ?? ""],
      }),
      body: {
        ...place,
        protocol: (target.protocol ?? "ip").replace(/^IPPROTO_/, "").toLowerCase(),
        action: isStopped ? ("denied" as const) : ("allowed" as const),
        via: "sandbox_net",
        ...filledIn({
          rule,
          reason: isStopped ? action : undefined,
          client: target.saddr === undefined ? undefined : clientOf(target.saddr, target.sport),
          process,
          parent_process: from?.parent_exec_id,
          process_start: from?.start_time === undefined ? undefined : timeOf(from.start_time),
          sandbox: pod?.container?.id ?? from?.docker ?? pod?.name,
        }),
      },
    },
  };
}

function clientOf(address: string, port = 0): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
