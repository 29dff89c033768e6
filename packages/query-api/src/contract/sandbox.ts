import { z } from "zod";

const text = z.string().nullable();
const flag = z.boolean().nullable();
const grade = z.enum(["observed", "reported", "derived", "inferred"]);

const side = z
  .object({
    mode: text,
    backend: text,
    sandbox: text,
    profile: text,
    runtime: text,
    config_digest: text,
    image_digest: text,
    network: text,
    user: text,
    privileged: flag,
    read_only_root: flag,
    writable_roots: z.array(z.string()).nullable(),
    runtime_socket: flag,
    escapes_allowed: flag,
    at: text,
    grade,
    vantage: z.literal("enforcer").nullable(),
    match: z
      .object({ method: z.string(), confidence: z.enum(["high", "medium", "low"]) })
      .nullable(),
  })
  .nullable();

const common = {
  mode: text,
  backend: text,
  grade,
  observed: side,
  reported: side,
  disagreement: z.array(
    z.object({
      about: z.enum(["mode", "backend", "network", "violation", "escalation"]),
      observed: z.string(),
      reported: z.string(),
    }),
  ),
};

/** The confinement of a session, and where it changed. */
export const sessionSandboxSchema = z
  .object({
    ...common,
    changes: z.array(
      z.object({
        at: z.string(),
        what: z.enum(["mode", "config_digest"]),
        from: z.string(),
        to: z.string(),
        grade,
        record: z.string(),
      }),
    ),
    violations: z.int().nonnegative(),
  })
  .nullable();

/** The confinement of an action, and what it did to it. */
export const actionSandboxSchema = z
  .object({
    ...common,
    outcome: z.enum(["denied", "escalated", "signal", "timed_out"]).nullable(),
    vantage: z.literal("enforcer").nullable(),
    asked_outside: z.boolean(),
    violations: z.array(
      z.object({
        at: z.string(),
        sandbox: text,
        kind: z.string(),
        target: text,
        result: text,
        grade,
        record: z.string(),
      }),
    ),
  })
  .nullable();
