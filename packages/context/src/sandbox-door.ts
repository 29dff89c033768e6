import type { Fact } from "@custody/model";
import { z } from "zod";
import {
  type DoorVerdict,
  hexDigest,
  idText,
  present,
  readDoor,
  timeText,
  wordText,
} from "./door.ts";

const paths = z.array(z.string().min(1).max(1_000)).max(64);

const attestation = z.strictObject({
  event: z.enum(["start", "change", "stop"]),
  ts: timeText,
  session: idText.nullish(),
  profile: wordText.nullish(),
  mode: wordText.nullish(),
  backend: wordText.nullish(),
  /** SHA-256 of the effective configuration as the runtime prints it. */
  config_digest: hexDigest.nullish(),
  escapes_allowed: z.boolean().nullish(),
  network: wordText.nullish(),
  runtime: wordText.nullish(),
  image: wordText.nullish(),
  image_digest: wordText.nullish(),
  user: wordText.nullish(),
  read_only_root: z.boolean().nullish(),
  writable_roots: paths.nullish(),
  seccomp: wordText.nullish(),
  apparmor: wordText.nullish(),
  privileged: z.boolean().nullish(),
  capabilities: paths.nullish(),
  mounts: paths.nullish(),
  runtime_socket: z.boolean().nullish(),
  addresses: paths.nullish(),
  started_at: timeText.nullish(),
  reason: wordText.nullish(),
  exit_code: z.int().nullish(),
});

/** The body of `PUT /v1/sandboxes/{id}`: the effective confinement as its runtime attests it. `attested_by` is replaced when the fact is stamped. */
export function parseSandboxAttestation(
  sandbox: string,
  json: unknown,
): DoorVerdict<Fact<"sandbox">> {
  return readDoor(attestation, json, ({ event, ts, session, ...rest }) => ({
    class: "sandbox",
    key: ["sandbox", sandbox, event, ts],
    ts,
    ...present({ session }),
    body: { event, sandbox, attested_by: "runtime", ...present(rest) },
  }));
}

const violation = z.strictObject({
  ts: timeText,
  id: idText.nullish(),
  session: idText.nullish(),
  call: idText.nullish(),
  kind: wordText,
  target: z.string().max(2_000).nullish(),
  result: wordText.nullish(),
});

/** The body of `POST /v1/sandboxes/{id}/violations`: something the confinement stopped or saw. Without an id, equal violations are told apart by occurrence. */
export function parseSandboxViolation(
  sandbox: string,
  json: unknown,
): DoorVerdict<Fact<"sandbox">> {
  return readDoor(violation, json, ({ ts, id, session, call, kind, ...rest }) => ({
    class: "sandbox",
    ...(id ? { key: ["violation", sandbox, id] } : {}),
    ts,
    ...present({ session, call }),
    body: {
      event: "violation",
      sandbox,
      attested_by: "runtime",
      violation: { kind, ...present(rest) },
    },
  }));
}
