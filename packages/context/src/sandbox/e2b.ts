import type { Body } from "@custody/model";
import { z } from "zod";
import { timeOf } from "../egress/reading.ts";
import {
  bodyOf,
  invalid,
  labelled,
  other,
  parsedBy,
  type SandboxReading,
  type SandboxSource,
  told,
} from "./reading.ts";

const text = z.string().nullish();
const metadata = z.record(z.string(), z.unknown()).nullish();
const data = z
  .looseObject({
    sandbox_metadata: metadata,
    metadata,
    execution: z.looseObject({ started_at: text }).nullish(),
  })
  .nullish();

/** A lifecycle event, of the events API or a webhook: its members in camel case, or in snake case before version 2. */
const event = z.looseObject({
  id: text,
  type: z.string(),
  timestamp: z.string(),
  sandboxId: text,
  sandbox_id: text,
  sandboxTemplateId: text,
  sandbox_template_id: text,
  eventData: data,
  event_data: data,
});

/** A sandbox as the API lists it (`GET /sandboxes`). */
const sandbox = z.looseObject({
  sandboxID: z.string().min(1),
  templateID: text,
  alias: text,
  startedAt: z.string(),
  state: text,
  metadata,
  allowInternetAccess: z.boolean().nullish(),
  network: z
    .looseObject({
      allowOut: z.array(z.string()).nullish(),
      denyOut: z.array(z.string()).nullish(),
    })
    .nullish(),
});

const events: Readonly<Record<string, Body<"sandbox">["event"]>> = {
  "sandbox.lifecycle.created": "start",
  "sandbox.lifecycle.resumed": "start",
  "sandbox.lifecycle.updated": "change",
  "sandbox.lifecycle.paused": "stop",
  "sandbox.lifecycle.killed": "stop",
};

/** E2B: a micro machine for each sandbox. Its metadata may carry the session. */
export const e2bEvents: SandboxSource = {
  claims: ({ type, sandboxId, sandbox_id }) =>
    typeof type === "string" &&
    type.startsWith("sandbox.") &&
    (sandboxId ?? sandbox_id) !== undefined,
  read: (json) => parsedBy(event, json, readEvent),
};

export const e2bSandboxes: SandboxSource = {
  claims: ({ sandboxID, startedAt }) =>
    typeof sandboxID === "string" && typeof startedAt === "string",
  read: (json) => parsedBy(sandbox, json, readSandbox),
};

const common = { runtime: "e2b", backend: "firecracker" } as const;

function readEvent(said: z.output<typeof event>): SandboxReading {
  const word = Object.hasOwn(events, said.type) ? events[said.type] : undefined;
  if (word === undefined) return other(said.type);
  const ts = timeOf(said.timestamp);
  if (ts === undefined) return invalid("timestamp: not an RFC 3339 time");
  const id = said.sandboxId ?? said.sandbox_id ?? "";
  const details = said.eventData ?? said.event_data;
  const began = details?.execution?.started_at;
  return told({
    class: "sandbox",
    key: ["e2b", said.id ?? "", id, said.type, ts],
    ts,
    ...labelled(details?.sandbox_metadata ?? details?.metadata),
    body: bodyOf({
      event: word,
      sandbox: id,
      ...common,
      image: said.sandboxTemplateId ?? said.sandbox_template_id,
      started_at: began ? timeOf(began) : word === "start" ? ts : undefined,
      reason: said.type,
    }),
  });
}

function readSandbox(said: z.output<typeof sandbox>): SandboxReading {
  const ts = timeOf(said.startedAt);
  if (ts === undefined) return invalid("startedAt: not an RFC 3339 time");
  return told({
    class: "sandbox",
    ts,
    ...labelled(said.metadata),
    body: bodyOf({
      event: "start",
      sandbox: said.sandboxID,
      ...common,
      mode: "microvm",
      profile: said.alias,
      image: said.templateID,
      network: networkOf(said),
      escapes_allowed: false,
      started_at: ts,
    }),
  });
}

function networkOf({ allowInternetAccess, network }: z.output<typeof sandbox>): string | undefined {
  if (allowInternetAccess === false) return "none";
  const [allowed, denied] = [network?.allowOut ?? [], network?.denyOut ?? []];
  if (allowed.length > 0 || denied.length > 0) return "restricted";
  return allowInternetAccess === true ? "open" : undefined;
}
