import { timeFromNanos } from "@custody/model";
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
  timeOf,
} from "./reading.ts";

/** Falco's JSON output (falcosecurity/falco `userspace/engine/formats.cpp`, with `json_output`); which fields a rule prints is its author's choice. */
const line = z.looseObject({
  time: z.string(),
  rule: z.string(),
  priority: optionalText,
  output_fields: z
    .looseObject({
      "evt.type": optionalText,
      "evt.rawres": z.union([z.number(), z.string()]).optional(),
      "fd.name": optionalText,
      "fd.sip": optionalText,
      "fd.rip": optionalText,
      "fd.sip.name": optionalText,
      "fd.sport": optionalCount,
      "fd.rport": optionalCount,
      "fd.l4proto": optionalText,
      "container.id": optionalText,
      "proc.pid": optionalText,
      "proc.pid.ts": optionalText,
      "proc.ppid": optionalText,
      "proc.ppid.ts": optionalText,
    })
    .optional(),
});

/**
 * Falco alerts and does not enforce: a flow it saw was made, whatever the rule thinks of it. A rule that matched no network event is
 * something else.
 */
export const readFalco: ReadEgress = jsonLine(line, (said): EgressReading => {
  const ts = timeOf(said.time);
  if (ts === undefined) return invalid("time: not an RFC 3339 time");
  const fields: Partial<NonNullable<typeof said.output_fields>> = said.output_fields ?? {};
  const pair = /^(.+?:[0-9]{1,5})->(.+?):([0-9]{1,5})$/.exec(fields["fd.name"] ?? "");
  const address = fields["fd.sip.name"] ?? fields["fd.sip"] ?? fields["fd.rip"] ?? pair?.[2];
  if (address === undefined) return other(`rule ${said.rule}`);
  const port = fields["fd.sport"] ?? fields["fd.rport"] ?? Number(pair?.[3] ?? 0);
  const place = placeOf(address.includes(":") ? `[${address}]` : address, port);
  if (place === undefined) return invalid("output_fields: no address in fd.sip, fd.rip or fd.name");
  const container = fields["container.id"];
  return {
    outcome: "flow",
    fact: {
      class: "egress",
      ts,
      body: {
        ...place,
        protocol: (fields["fd.l4proto"] ?? "ip").toLowerCase(),
        action: "allowed",
        via: "sandbox_net",
        ...filledIn({
          rule: said.rule,
          reason: said.priority,
          client: pair?.[1],
          sandbox: container === "host" ? undefined : container,
          ...senderOf(fields),
        }),
      },
    },
  };
});

/** A number of a process is used again and again: only with the time when that began does it name one. */
function senderOf(fields: Readonly<Record<string, unknown>>): {
  readonly process: string | undefined;
  readonly process_start: string | undefined;
  readonly parent_process: string | undefined;
} {
  const start = nanosOf(fields["proc.pid.ts"]);
  return {
    process: named(fields["proc.pid"], start),
    process_start: start === undefined ? undefined : timeFromNanos(start),
    parent_process: named(fields["proc.ppid"], nanosOf(fields["proc.ppid.ts"])),
  };
}

function named(pid: unknown, start: bigint | undefined): string | undefined {
  return typeof pid === "string" && start !== undefined ? `${pid}@${start}` : undefined;
}

function nanosOf(text: unknown): bigint | undefined {
  return typeof text === "string" && /^[1-9][0-9]{17,18}$/.test(text) ? BigInt(text) : undefined;
}
